import type { Document } from "./declared.ts";

/** A value of the file, and where it stands: `users.ann.tags`. */
export class Reader {
  readonly path: string;
  readonly #value: unknown;
  readonly #faults: string[];

  constructor(value: unknown, path: string, faults: string[]) {
    this.#value = value;
    this.path = path;
    this.#faults = faults;
  }

  fault(message: string): void {
    this.#faults.push(`${this.path === "" ? "the file" : this.path}: ${message}`);
  }

  /** The members of an object by their names; of what is none, nothing. An empty key, as YAML has it, is an empty object. */
  members(): ReadonlyMap<string, Reader> {
    const value = this.#value ?? {};
    if (typeof value !== "object" || Array.isArray(value)) {
      this.fault("must hold keys and values.");
      return new Map();
    }
    const entries = Object.entries(value).map(([name, member]): [string, Reader] => {
      return [name, new Reader(member, this.path === "" ? name : `${this.path}.${name}`, this.#faults)];
    });
    return new Map(entries);
  }

  /** The members that an object may have; others are faults. */
  known<N extends string>(names: readonly N[]): { readonly [M in N]?: Reader } {
    const members = this.members();
    for (const [name, member] of members) {
      if ((names as readonly string[]).includes(name)) continue;
      member.fault(`is not known here; there are ${names.join(", ")}.`);
    }
    return Object.fromEntries([...members].filter(([name]) => (names as readonly string[]).includes(name))) as {
      readonly [M in N]?: Reader;
    };
  }

  text(): string {
    if (typeof this.#value === "string") return this.#value;
    this.fault("must be text; put numbers and true or false in quotes.");
    return "";
  }

  wholeNumber(): number {
    if (typeof this.#value === "number" && Number.isInteger(this.#value)) return this.#value;
    this.fault("must be a whole number.");
    return 0;
  }

  texts(): readonly string[] {
    const value: unknown = this.#value ?? [];
    if (Array.isArray(value) && value.every((item): item is string => typeof item === "string")) {
      if (new Set(value).size !== value.length) this.fault("names something twice.");
      return [...new Set(value)];
    }
    this.fault("must be a list of names.");
    return [];
  }

  /** A policy document as keys and values, or as the text of its JSON. */
  document(): Document {
    if (typeof this.#value === "string") {
      try {
        return { value: JSON.parse(this.#value), text: this.#value };
      } catch {
        this.fault("is no JSON.");
        return { value: undefined, text: "" };
      }
    }
    if (typeof this.#value === "object" && this.#value !== null) {
      return { value: this.#value, text: JSON.stringify(this.#value, undefined, 2) };
    }
    this.fault("must be a policy document.");
    return { value: undefined, text: "" };
  }
}
