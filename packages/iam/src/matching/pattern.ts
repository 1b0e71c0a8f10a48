import type { PolicyVersion } from "../policy.ts";
import { ANY, compileGlob, globMatches, literalTokens, wildcardTokens, type Token } from "./glob.ts";
import type { ContextLookup } from "./lookup.ts";
import { parseTemplate, type TemplatePart } from "./template.ts";

/** Whether a value fits; `lookup` answers policy variables. */
export type ValueTest = (value: string, lookup: ContextLookup) => boolean;

/** Tests values against a text in which `*` and `?` are wildcards. */
export function compilePattern(text: string, version: PolicyVersion): ValueTest {
  return compileTokens(text, version, (tokens) => {
    const glob = compileGlob(tokens);
    return (value) => globMatches(glob, value);
  });
}

/** Prepares the test of a text with wildcards: at once when it has no variables, else at each use. */
export function compileTokens(
  text: string,
  version: PolicyVersion,
  testOf: (tokens: readonly Token[]) => (value: string) => boolean,
): ValueTest {
  const parts = partsOf(text, version);
  if (!parts.some(isVariable)) return testOf(parts.flatMap((part) => tokensOf(part, noKeys) ?? []));
  return (value, lookup) => {
    const tokens = resolveTokens(parts, lookup, value.length);
    return tokens !== undefined && testOf(tokens)(value);
  };
}

/**
 * Undefined when a variable has no value, and as soon as the text needs more than `maxChars` characters: a policy of
 * nothing but variables stands for far more than it holds.
 */
function resolveTokens(parts: readonly TemplatePart[], lookup: ContextLookup, maxChars: number): Token[] | undefined {
  const tokens: Token[] = [];
  let chars = 0;
  for (const part of parts) {
    for (const token of tokensOf(part, lookup) ?? [undefined]) {
      if (token === undefined || chars > maxChars) return undefined;
      if (token !== ANY) chars += 1;
      tokens.push(token);
    }
  }
  return tokens;
}

/** Gives the text once its variables are known; undefined when one has no value, or beyond `maxChars`. */
export type OpenText = (lookup: ContextLookup, maxChars: number) => string | undefined;

/** A text in which wildcards are ordinary characters: itself, or what to ask for it when it has variables. */
export function compileText(text: string, version: PolicyVersion): string | OpenText {
  const parts = partsOf(text, version);
  if (!parts.some(isVariable)) return parts.map((part) => resolve(part, noKeys)).join("");
  return (lookup, maxChars) => {
    let resolved = "";
    for (const part of parts) {
      const next = resolve(part, lookup);
      if (next === undefined || resolved.length + next.length > maxChars) return undefined;
      resolved += next;
    }
    return resolved;
  };
}

const noKeys: ContextLookup = () => undefined;

/** The parser refuses malformed variables; what gets here all the same is text. */
function partsOf(text: string, version: PolicyVersion): readonly TemplatePart[] {
  const template = parseTemplate(text, version);
  return template.ok ? template.parts : [{ kind: "text", text }];
}

function isVariable(part: TemplatePart): boolean {
  return part.kind === "variable";
}

/** What a variable stands for is never a wildcard: else a tag with an asterisk would widen the policy. */
function tokensOf(part: TemplatePart, lookup: ContextLookup): Token[] | undefined {
  if (part.kind === "text") return wildcardTokens(part.text);
  const text = resolve(part, lookup);
  return text === undefined ? undefined : literalTokens(text);
}

/** Undefined for a variable without a value: nothing equals it or is like it. Keys with several values are no variables. */
function resolve(part: TemplatePart, lookup: ContextLookup): string | undefined {
  if (part.kind !== "variable") return part.text;
  const values = lookup(part.key);
  if (values === undefined || values.length === 0) return part.fallback;
  return values.length === 1 ? values[0] : undefined;
}
