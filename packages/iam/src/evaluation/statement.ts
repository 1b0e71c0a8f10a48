import type { CompiledCondition, CompiledStatement } from "./compile.ts";
import { grantTo } from "./principal.ts";
import type { Facts } from "./request.ts";

/** The first element of a statement that a request does not meet. */
export type Mismatch = "Action" | "Resource" | "Principal" | CompiledCondition;

/** Undefined when the statement is about the request. */
export function mismatch(statement: CompiledStatement, facts: Facts): Mismatch | undefined {
  if (!statement.actions(facts.action, facts.lookup)) return "Action";
  if (statement.resources !== undefined && !statement.resources(facts.resource, facts.lookup)) return "Resource";
  const { principals, source } = statement;
  if (principals !== undefined && grantTo(facts.principal, principals, source.effect) === undefined) return "Principal";
  for (const condition of statement.conditions) {
    if (!condition.holds(facts.lookup(condition.key), facts.lookup)) return condition;
  }
  return undefined;
}

/** The first of the statements that is about the request. */
export function findMatch(statements: readonly CompiledStatement[], facts: Facts): CompiledStatement | undefined {
  for (const statement of statements) if (mismatch(statement, facts) === undefined) return statement;
  return undefined;
}
