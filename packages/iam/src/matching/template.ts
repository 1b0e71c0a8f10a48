import type { PolicyVersion } from "../policy.ts";

/** A text with policy variables, cut into its parts. */
export type TemplatePart =
  /** Text in which wildcards mean what the operator says. */
  | { readonly kind: "text"; readonly text: string }
  /** `${*}`, `${?}` and `${$}`: never wildcards. */
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "variable"; readonly key: string; readonly fallback?: string };

export interface TemplateProblem {
  readonly code:
    | "MISSING_BRACE_IN_VARIABLE"
    | "MISSING_QUOTE_IN_VARIABLE"
    | "SPACE_IN_VARIABLE"
    | "SYMBOL_IN_VARIABLE"
    | "EMPTY_VARIABLE";
  readonly message: string;
}

export type Template =
  | { readonly ok: true; readonly parts: readonly TemplatePart[] }
  | { readonly ok: false; readonly problem: TemplateProblem };

const SPECIAL = /\$\{([*?$])\}/y;
/** A name, then perhaps a default in single quotes. */
const VARIABLE = /\$\{([^\s,'"`{}$*?]+)(?:, *'([^']*)' *)?\}/y;

/**
 * Cuts a text at its variables: `${key}`, `${key, 'default'}`, `${*}`, `${?}`, `${$}`. Linear.
 * Source: IAM User Guide, policy elements: variables and tags.
 */
export function parseTemplate(text: string, version: PolicyVersion): Template {
  if (version === "2008-10-17" || !text.includes("${")) return { ok: true, parts: [{ kind: "text", text }] };
  const parts: TemplatePart[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf("${", at);
    const end = start < 0 ? text.length : start;
    if (end > at) parts.push({ kind: "text", text: text.slice(at, end) });
    if (start < 0) return { ok: true, parts };
    const special = matchAt(SPECIAL, text, start);
    const variable = special === undefined ? matchAt(VARIABLE, text, start) : undefined;
    const found = special ?? variable;
    if (found === undefined) return { ok: false, problem: problemAt(text, start) };
    const [whole, name = "", fallback] = found;
    if (special !== undefined) parts.push({ kind: "literal", text: name });
    else parts.push({ kind: "variable", key: name.toLowerCase(), ...(fallback !== undefined && { fallback }) });
    at = start + whole.length;
  }
}

/** Whether a text has anything that a policy of 2012-10-17 would replace. */
export function hasVariable(text: string): boolean {
  return text.includes("${");
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function problemAt(text: string, start: number): TemplateProblem {
  const end = text.indexOf("}", start);
  if (end < 0) return { code: "MISSING_BRACE_IN_VARIABLE", message: "A policy variable has no closing brace." };
  const inside = text.slice(start + 2, end);
  if (inside === "") return { code: "EMPTY_VARIABLE", message: "A policy variable has no name." };
  const [name = ""] = inside.split(",", 1);
  if (/\s/.test(name)) return { code: "SPACE_IN_VARIABLE", message: "The name of a policy variable has no spaces." };
  if (name !== inside && name !== "") {
    return { code: "MISSING_QUOTE_IN_VARIABLE", message: "The default of a policy variable stands in single quotes." };
  }
  return {
    code: "SYMBOL_IN_VARIABLE",
    message: "The name of a policy variable has a character that cannot stand there.",
  };
}
