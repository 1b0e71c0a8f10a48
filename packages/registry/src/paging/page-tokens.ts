import { InvalidPage } from "../errors.ts";
import { fromHex, toHex } from "../hex.ts";
import type { Hasher } from "../ports/runtime.ts";

const MAC_BYTES = 16;
const MAX_TOKEN_LENGTH = 4096;
const VERSION = 1;

/**
 * Makes the opaque `nextToken`: a cursor and a code that ties it to the query it belongs to.
 * A token that was altered, or comes back with another query, is refused.
 */
export class PageTokens {
  readonly #hasher: Hasher;
  readonly #key: Uint8Array;

  constructor(hasher: Hasher, key: Uint8Array) {
    this.#hasher = hasher;
    this.#key = key;
  }

  /** @param query canonical text of operation, registry and arguments */
  seal(query: string, cursor: string): string {
    const text = new TextEncoder().encode(cursor);
    const token = new Uint8Array(1 + MAC_BYTES + text.length);
    token[0] = VERSION;
    token.set(this.#code(query, text), 1);
    token.set(text, 1 + MAC_BYTES);
    return toHex(token);
  }

  /** @throws InvalidPage the token is not one that this query was given */
  open(query: string, token: string): string {
    const bytes = token.length <= MAX_TOKEN_LENGTH ? fromHex(token) : undefined;
    if (bytes === undefined || bytes.length < 1 + MAC_BYTES || bytes[0] !== VERSION) throw refused();
    const text = bytes.subarray(1 + MAC_BYTES);
    const code = this.#code(query, text);
    let difference = 0;
    for (let at = 0; at < MAC_BYTES; at += 1) difference |= (code[at] ?? 0) ^ (bytes[1 + at] ?? 0);
    if (difference !== 0) throw refused();
    return new TextDecoder().decode(text);
  }

  #code(query: string, cursor: Uint8Array): Uint8Array {
    const bound = new TextEncoder().encode(`${query.length}:${query}`);
    const message = new Uint8Array(bound.length + cursor.length);
    message.set(bound);
    message.set(cursor, bound.length);
    return this.#hasher.hmacSha256(this.#key, message).subarray(0, MAC_BYTES);
  }
}

function refused(): InvalidPage {
  return new InvalidPage("nextToken", "Token is not valid for this request");
}
