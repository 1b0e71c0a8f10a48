/** A character that stands for itself, or a wildcard. */
export type Piece = { readonly literal: string } | "*" | "?";

const VARIABLE = /^\$\{([^,}]*)(?:, *'([^']*)')? *\}/;

/** A text with its variables filled in; undefined when one of them has no value. */
export function expand(
  text: string,
  version: string,
  valueOf: (key: string) => readonly string[],
): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (let rest = text; rest !== "";) {
    const variable = version === "2012-10-17" ? VARIABLE.exec(rest) : null;
    if (variable === null) {
      const character = rest.charAt(0);
      pieces.push(character === "*" || character === "?" ? character : { literal: character });
      rest = rest.slice(1);
      continue;
    }
    const [whole, name = "", fallback] = variable;
    const value = "*?$".includes(name) ? name : singleValue(valueOf(name), fallback);
    if (value === undefined) return undefined;
    for (let at = 0; at < value.length; at += 1) pieces.push({ literal: value.charAt(at) });
    rest = rest.slice(whole.length);
  }
  return pieces;
}

function singleValue(values: readonly string[], fallback: string | undefined): string | undefined {
  if (values.length === 0) return fallback;
  return values.length === 1 ? values[0] : undefined;
}

/** The text of pieces in which wildcards are ordinary characters. */
export function plain(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === "string" ? piece : piece.literal)).join("");
}

/** Wildcard matching by the table of all prefixes of the pattern against all prefixes of the text. */
export function matches(pieces: readonly Piece[] | undefined, text: string): boolean {
  if (pieces === undefined) return false;
  let reached = Array.from({ length: text.length + 1 }, (_, length) => length === 0);
  for (const piece of pieces) {
    const next = reached.map(() => false);
    for (let length = 0; length <= text.length; length += 1) {
      if (piece === "*") next[length] = reached[length] === true || (length > 0 && next[length - 1] === true);
      else if (length > 0 && reached[length - 1] === true) {
        next[length] = piece === "?" || piece.literal === text.charAt(length - 1);
      }
    }
    reached = next;
  }
  return reached[text.length] === true;
}
