import type { PolicyVersion } from "../policy.ts";
import { compileGlob, globMatches, literalTokens, wildcardTokens, type Token } from "./glob.ts";
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
    const tokens: Token[] = [];
    for (const part of parts) {
      const resolved = tokensOf(part, lookup);
      if (resolved === undefined) return false;
      for (const token of resolved) tokens.push(token);
    }
    return testOf(tokens)(value);
  };
}

/** A text in which wildcards are ordinary characters: itself, or what to ask for it when it has variables. */
export function compileText(
  text: string,
  version: PolicyVersion,
): string | ((lookup: ContextLookup) => string | undefined) {
  const parts = partsOf(text, version);
  if (!parts.some(isVariable)) return parts.map((part) => resolve(part, noKeys)).join("");
  return (lookup) => {
    const resolved = parts.map((part) => resolve(part, lookup));
    return resolved.includes(undefined) ? undefined : resolved.join("");
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
