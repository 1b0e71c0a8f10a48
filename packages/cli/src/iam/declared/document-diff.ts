export interface DiffLine {
  readonly sign: "+" | "-" | " ";
  readonly text: string;
}

/** Lines of two documents whose product is over this are told as a whole: the comparison takes as much time. */
const MAX_COMPARED = 4_000_000;
/** Unchanged lines around those that changed. */
const CONTEXT = 2;

/** Whether two documents say the same: white space and the order of keys aside. */
export function isSameDocument(left: string, right: string): boolean {
  return left === right || canonical(left) === canonical(right);
}

/** What changes from one document to the other, by lines of their JSON, each printed alike. */
export function diffDocuments(before: string, after: string): readonly DiffLine[] {
  return around(diffLines(printed(before), printed(after)));
}

function canonical(text: string): string {
  return JSON.stringify(sorted(parse(text)));
}

function printed(text: string): readonly string[] {
  return JSON.stringify(parse(text), undefined, 2).split("\n");
}

/** What was stored before documents were checked may be anything. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

/** By the longest common subsequence of what lies between equal beginnings and ends. */
function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1;
  }
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ sign: " ", text }));
  const old = before.slice(start, before.length - end);
  const fresh = after.slice(start, after.length - end);
  return [...same(before.slice(0, start)), ...middle(old, fresh), ...same(before.slice(before.length - end))];
}

function middle(old: readonly string[], fresh: readonly string[]): readonly DiffLine[] {
  const removed = (text: string): DiffLine => ({ sign: "-", text });
  const added = (text: string): DiffLine => ({ sign: "+", text });
  if (old.length * fresh.length > MAX_COMPARED) return [...old.map(removed), ...fresh.map(added)];
  const width = fresh.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      const [below = 0, right = 0, both = 0] = [
        lengths[(i + 1) * width + j],
        lengths[i * width + j + 1],
        lengths[(i + 1) * width + j + 1],
      ];
      lengths[i * width + j] = old[i] === fresh[j] ? both + 1 : Math.max(below, right);
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    const [one, other] = [old[i], fresh[j]];
    if (one !== undefined && one === other) {
      lines.push({ sign: " ", text: one });
      i += 1;
      j += 1;
    } else if (
      one !== undefined &&
      (other === undefined || (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))
    ) {
      lines.push(removed(one));
      i += 1;
    } else if (other !== undefined) {
      lines.push(added(other));
      j += 1;
    }
  }
  return lines;
}

/** The changed lines with a few around them; dots stand for what is left out. */
function around(lines: readonly DiffLine[]): readonly DiffLine[] {
  const shown = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ sign }) => sign !== " "),
  );
  return lines.flatMap((line, index): DiffLine[] => {
    if (shown[index] === true) return [line];
    return index > 0 && shown[index - 1] === true && index < lines.length - 1 ? [{ sign: " ", text: "…" }] : [];
  });
}
