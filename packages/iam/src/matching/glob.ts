/** Matches any run of characters, also none. */
export const ANY = -1;
/** Matches one character (a UTF-16 unit). */
export const ONE = -2;

/** A UTF-16 unit, {@link ANY} or {@link ONE}: so a literal asterisk and the wildcard are never confused. */
export type Token = number;

/** A pattern cut at its asterisks. */
export interface Glob {
  /** Where the text must begin; the whole text when `rest` is undefined. */
  readonly head: Run;
  readonly rest?: { readonly middle: readonly Run[]; readonly tail: Run; readonly minChars: number };
}

/** Characters that stand together; `text` when no question mark is among them. */
interface Run {
  readonly length: number;
  readonly text?: string;
  readonly tokens: readonly Token[];
}

/** Runs up to here are searched place by place; longer ones 32 places at a time, so that no run makes a search quadratic. */
const MAX_PLAIN_SEARCH_CHARS = 64;
const WORD_BITS = 32;

/** The characters of a text that stand for themselves. */
export function literalTokens(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at += 1) tokens.push(text.charCodeAt(at));
  return tokens;
}

/** The characters of a text in which `*` and `?` are wildcards. */
export function wildcardTokens(text: string): Token[] {
  return literalTokens(text).map((unit) => (unit === ASTERISK ? ANY : unit === QUESTION_MARK ? ONE : unit));
}

const ASTERISK = 42;
const QUESTION_MARK = 63;

export function compileGlob(tokens: readonly Token[]): Glob {
  const runs: Run[] = [];
  let from = 0;
  for (let at = 0; at <= tokens.length; at += 1) {
    if (at < tokens.length && tokens[at] !== ANY) continue;
    runs.push(runOf(tokens.slice(from, at)));
    from = at + 1;
  }
  const [head = EMPTY, ...others] = runs;
  const tail = others.pop();
  if (tail === undefined) return { head };
  const middle = others.filter((run) => run.length > 0);
  const minChars = middle.reduce((chars, run) => chars + run.length, head.length + tail.length);
  return { head, rest: { middle, tail, minChars } };
}

function runOf(tokens: readonly Token[]): Run {
  if (tokens.includes(ONE)) return { length: tokens.length, tokens };
  return { length: tokens.length, text: textOf(tokens), tokens };
}

/** One unit at a time: spread into a call, a long list overflows the stack. */
function textOf(tokens: readonly Token[]): string {
  return tokens.map((unit) => String.fromCharCode(unit)).join("");
}

const EMPTY: Run = { length: 0, text: "", tokens: [] };

/** Whether the whole text matches. Takes the leftmost place for every run, which is never wrong and never goes back. */
export function globMatches(glob: Glob, text: string): boolean {
  const { head, rest } = glob;
  if (rest === undefined) return text.length === head.length && standsAt(head, text, 0);
  const { middle, tail, minChars } = rest;
  if (text.length < minChars || !standsAt(head, text, 0)) return false;
  const end = text.length - tail.length;
  if (!standsAt(tail, text, end)) return false;
  let from = head.length;
  for (const run of middle) {
    const at = find(run, text, from);
    if (at < 0 || at + run.length > end) return false;
    from = at + run.length;
  }
  return true;
}

function standsAt(run: Run, text: string, at: number): boolean {
  if (run.text !== undefined) return text.startsWith(run.text, at);
  return run.tokens.every((token, offset) => token === ONE || token === text.charCodeAt(at + offset));
}

/** Offset of the first place of the run, or -1. */
function find(run: Run, text: string, from: number): number {
  if (run.length > MAX_PLAIN_SEARCH_CHARS) return findInParallel(run.tokens, text, from);
  if (run.text !== undefined) return text.indexOf(run.text, from);
  for (let at = from; at + run.length <= text.length; at += 1) if (standsAt(run, text, at)) return at;
  return -1;
}

/**
 * Shift-and search: bit i of the state says that the first i + 1 tokens stand before here. Its cost depends on the
 * lengths alone, whatever the characters are.
 */
function findInParallel(tokens: readonly Token[], text: string, from: number): number {
  if (from + tokens.length > text.length) return -1;
  const { masks, others } = characterMasks(tokens);
  const state = new Uint32Array(others.length);
  const last = others.length - 1;
  const found = 1 << ((tokens.length - 1) % WORD_BITS);
  for (let at = from; at < text.length; at += 1) {
    const mask = masks.get(text.charCodeAt(at)) ?? others;
    let carry = 1;
    for (let word = 0; word <= last; word += 1) {
      const before = state[word] ?? 0;
      state[word] = ((before << 1) | carry) & (mask[word] ?? 0);
      carry = before >>> (WORD_BITS - 1);
    }
    if (((state[last] ?? 0) & found) !== 0) return at + 1 - tokens.length;
  }
  return -1;
}

/** Per character the places of the run where it may stand; `others` for characters that the run does not name. */
function characterMasks(tokens: readonly Token[]): { masks: ReadonlyMap<Token, Uint32Array>; others: Uint32Array } {
  const words = Math.ceil(tokens.length / WORD_BITS);
  const others = new Uint32Array(words);
  tokens.forEach((token, at) => {
    if (token === ONE) setBit(others, at);
  });
  const masks = new Map<Token, Uint32Array>();
  tokens.forEach((token, at) => {
    if (token === ONE) return;
    const mask = masks.get(token) ?? others.slice();
    setBit(mask, at);
    masks.set(token, mask);
  });
  return { masks, others };
}

function setBit(words: Uint32Array, bit: number): void {
  const word = Math.floor(bit / WORD_BITS);
  words[word] = (words[word] ?? 0) | (1 << (bit % WORD_BITS));
}
