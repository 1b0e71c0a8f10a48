import { StsError } from "./errors.ts";

/** Items that are looked for in a list; a longer one is refused anyway. */
const MAX_LISTED = 64;

export interface TextRules {
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Must match the whole text; told to the caller as it stands here. */
  readonly pattern?: string;
}

export interface NumberRules {
  readonly min: number;
  readonly max: number;
}

/** Reads the parameters of a request and gathers what is wrong with them, to be told all at once. */
export class Parameters {
  readonly #given: URLSearchParams;
  readonly #faults: string[] = [];

  constructor(given: URLSearchParams) {
    this.#given = given;
  }

  /** @returns `""` for one that is missing */
  required(name: string, rules: TextRules): string {
    const text = this.#given.get(name);
    if (text === null) this.#fault("null", name, "Member must not be null");
    else this.#check(name, text, rules);
    return text ?? "";
  }

  optional(name: string, rules: TextRules): string | undefined {
    const text = this.#given.get(name) ?? undefined;
    if (text !== undefined) this.#check(name, text, rules);
    return text;
  }

  number(name: string, { min, max }: NumberRules): number | undefined {
    const text = this.#given.get(name);
    if (text === null) return undefined;
    // What is no number is neither above the minimum nor below the maximum.
    const value = /^-?[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min)) this.#fault(text, name, `Member must have value greater than or equal to ${min}`);
    else if (value > max) this.#fault(text, name, `Member must have value less than or equal to ${max}`);
    return value;
  }

  /** The structures of `NAME.member.1`, `NAME.member.2`, …, each with the members that are asked for. */
  list<M extends string>(name: string, members: Readonly<Record<M, TextRules>>, maxItems: number): Record<M, string>[] {
    const items: Record<M, string>[] = [];
    const names = Object.keys(members) as M[];
    for (let at = 1; at <= MAX_LISTED; at += 1) {
      const prefix = `${name}.member.${at}`;
      if (!names.some((member) => this.#given.has(`${prefix}.${member}`))) break;
      const read = names.map((member) => [member, this.required(`${prefix}.${member}`, members[member])] as const);
      items.push(Object.fromEntries(read) as Record<M, string>);
    }
    if (items.length > maxItems) {
      this.#fault(`[${items.length} items]`, name, `Member must have length less than or equal to ${maxItems}`);
    }
    return items;
  }

  /** Says what cannot be done rather than leave it out in silence. */
  refuse(...names: readonly string[]): void {
    const all = [...this.#given.keys()];
    for (const name of names) {
      if (all.some((key) => key === name || key.startsWith(`${name}.`))) {
        throw new StsError("ValidationError", `${name} is not available in this version of Stowage.`);
      }
    }
  }

  /** @throws StsError ValidationError, with everything that is wrong */
  check(): void {
    const count = this.#faults.length;
    if (count === 0) return;
    const found = `${count} validation error${count === 1 ? "" : "s"} detected`;
    throw new StsError("ValidationError", `${found}: ${this.#faults.join("; ")}`);
  }

  #check(name: string, text: string, { minLength = 0, maxLength, pattern }: TextRules): void {
    const fault = (constraint: string): void => this.#fault(`'${text}'`, name, constraint);
    if (text.length < minLength) fault(`Member must have length greater than or equal to ${minLength}`);
    if (maxLength !== undefined && text.length > maxLength) {
      // A text that is far too long is not repeated.
      this.#fault(`'${text.slice(0, maxLength)}…'`, name, `Member must have length less than or equal to ${maxLength}`);
    } else if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, "u").test(text)) {
      fault(`Member must satisfy regular expression pattern: ${pattern}`);
    }
  }

  #fault(value: string, name: string, constraint: string): void {
    const member = name.charAt(0).toLowerCase() + name.slice(1);
    this.#faults.push(`Value ${value} at '${member}' failed to satisfy constraint: ${constraint}`);
  }
}
