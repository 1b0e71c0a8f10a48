import type { PolicyVersion } from "../policy.ts";
import { ANY, compileGlob, globMatches, type Glob, type Token } from "./glob.ts";
import { compileTokens, type ValueTest } from "./pattern.ts";

/** arn:partition:service:region:account:resource; the resource may have colons of its own. */
export const ARN_FIELDS = 6;
const COLON = 58;

/**
 * Tests ARNs field by field, so that an asterisk of one field never reaches into the next: ArnEquals and ArnLike.
 * A pattern whose fields end early with an asterisk leaves the rest open.
 * Source: IAM User Guide, condition operators.
 */
export function compileArnPattern(text: string, version: PolicyVersion): ValueTest {
  return compileTokens(text, version, (tokens) => {
    const fields = splitTokens(tokens).map(compileGlob);
    if (fields.length < ARN_FIELDS && tokens.at(-1) !== ANY) return () => false;
    return (value) => fieldsMatch(fields, value);
  });
}

function fieldsMatch(fields: readonly Glob[], arn: string): boolean {
  const parts = splitArn(arn);
  return parts.length === ARN_FIELDS && fields.every((field, at) => globMatches(field, parts[at] ?? ""));
}

/** The fields of an ARN; fewer than six when it is none. */
export function splitArn(arn: string): string[] {
  const fields = arn.split(":", ARN_FIELDS - 1);
  const rest = fields.join(":").length + 1;
  return rest <= arn.length ? [...fields, arn.slice(rest)] : fields;
}

function splitTokens(tokens: readonly Token[]): Token[][] {
  const fields: Token[][] = [[]];
  for (const token of tokens) {
    if (token === COLON && fields.length < ARN_FIELDS) fields.push([]);
    else fields.at(-1)?.push(token);
  }
  return fields;
}
