import { MAX_JSON_DEPTH, MAX_JSON_VALUES } from "../limits.ts";

/** A JSON value with the offset at which it begins. */
export type JsonNode =
  | { readonly kind: "object"; readonly at: number; readonly members: readonly JsonMember[] }
  | { readonly kind: "array"; readonly at: number; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly at: number; readonly value: string }
  | { readonly kind: "number"; readonly at: number; readonly text: string }
  | { readonly kind: "boolean"; readonly at: number; readonly value: boolean }
  | { readonly kind: "null"; readonly at: number };

export interface JsonMember {
  readonly key: string;
  readonly at: number;
  readonly value: JsonNode;
}

export interface JsonProblem {
  readonly code: "JSON_SYNTAX" | "DUPLICATE_KEY" | "TOO_DEEP" | "TOO_MANY_VALUES";
  readonly message: string;
  /** Offset in the text. */
  readonly at: number;
}

export type JsonResult =
  | { readonly ok: true; readonly root: JsonNode }
  | { readonly ok: false; readonly problem: JsonProblem };

const WHITE_SPACE = /[ \t\n\r]*/y;
/** No quotation mark, backslash or control character. */
const PLAIN_RUN = /[ !#-[\]-\uffff]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const HEX4 = /[0-9a-fA-F]{4}/y;
const WORDS = { true: true, false: false, null: null } as const;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/**
 * Reads strict JSON (RFC 8259) in linear time. JSON.parse would keep the last of two equal keys, so that a
 * document could show one Effect to its reader and another to us; here the second key is an error, as on AWS.
 */
export function readJson(text: string): JsonResult {
  try {
    return { ok: true, root: new JsonReader(text).document() };
  } catch (cause) {
    if (cause instanceof JsonFailure) return { ok: false, problem: cause.problem };
    throw cause;
  }
}

class JsonFailure extends Error {
  readonly problem: JsonProblem;

  constructor(problem: JsonProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

class JsonReader {
  private readonly text: string;
  private at = 0;
  private depth = 0;
  private values = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): JsonNode {
    this.skipWhiteSpace();
    const root = this.value();
    this.skipWhiteSpace();
    if (this.at < this.text.length) throw this.unexpected();
    return root;
  }

  private value(): JsonNode {
    this.values += 1;
    if (this.values > MAX_JSON_VALUES) throw this.failure("TOO_MANY_VALUES", "The document has too many values.");
    const at = this.at;
    const first = this.text[at];
    if (first === "{") return { kind: "object", at, members: this.nested(() => this.members()) };
    if (first === "[") return { kind: "array", at, items: this.nested(() => this.items()) };
    if (first === '"') return { kind: "string", at, value: this.string() };
    const number = this.take(NUMBER);
    if (number !== "") return { kind: "number", at, text: number };
    return this.word();
  }

  private nested<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_JSON_DEPTH) throw this.failure("TOO_DEEP", "The document is nested too deeply.");
    this.at += 1;
    const result = read();
    this.depth -= 1;
    return result;
  }

  private members(): JsonMember[] {
    const members: JsonMember[] = [];
    const keys = new Set<string>();
    this.separated("}", () => {
      const at = this.at;
      if (this.text[at] !== '"') throw this.unexpected();
      const key = this.string();
      if (keys.has(key)) throw this.failure("DUPLICATE_KEY", `The key ${JSON.stringify(key)} stands here twice.`, at);
      keys.add(key);
      this.skipWhiteSpace();
      if (!this.skip(":")) throw this.unexpected();
      this.skipWhiteSpace();
      members.push({ key, at, value: this.value() });
    });
    return members;
  }

  private items(): JsonNode[] {
    const items: JsonNode[] = [];
    this.separated("]", () => items.push(this.value()));
    return items;
  }

  private separated(end: string, read: () => void): void {
    this.skipWhiteSpace();
    if (this.skip(end)) return;
    for (;;) {
      read();
      this.skipWhiteSpace();
      if (this.skip(end)) return;
      if (!this.skip(",")) throw this.unexpected();
      this.skipWhiteSpace();
    }
  }

  private string(): string {
    this.at += 1;
    const pieces: string[] = [];
    for (;;) {
      pieces.push(this.take(PLAIN_RUN));
      if (this.skip('"')) return pieces.join("");
      if (!this.skip("\\")) throw this.unexpected();
      pieces.push(this.escape());
    }
  }

  private escape(): string {
    if (this.skip("u")) {
      const hex = this.take(HEX4);
      if (hex === "") throw this.unexpected();
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const escaped = ESCAPES.get(this.text.charAt(this.at));
    if (escaped === undefined) throw this.unexpected();
    this.at += 1;
    return escaped;
  }

  private word(): JsonNode {
    const at = this.at;
    for (const [word, value] of Object.entries(WORDS)) {
      if (!this.text.startsWith(word, at)) continue;
      this.at += word.length;
      return value === null ? { kind: "null", at } : { kind: "boolean", at, value };
    }
    throw this.unexpected();
  }

  private skip(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private skipWhiteSpace(): void {
    this.take(WHITE_SPACE);
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private unexpected(): JsonFailure {
    const character = this.text[this.at];
    const seen = character === undefined ? "The text ends" : `${JSON.stringify(character)} stands`;
    return this.failure("JSON_SYNTAX", `${seen} where JSON expects something else.`);
  }

  private failure(code: JsonProblem["code"], message: string, at = this.at): JsonFailure {
    return new JsonFailure({ code, message, at });
  }
}
