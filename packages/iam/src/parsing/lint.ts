import type { Condition, Statement } from "../policy.ts";
import type { Findings, Place } from "./findings.ts";

/** Keys that may have several values in one request. */
const MULTIVALUED_KEYS: ReadonlySet<string> = new Set([
  "aws:tagkeys",
  "aws:calledvia",
  "aws:principalorgpaths",
  "aws:resourceorgpaths",
  "aws:sourceorgpaths",
  "aws:principalservicenameslist",
]);

/** Adds advice on a statement that is well-formed. */
export function lintStatement(statement: Statement, place: Place, findings: Findings): void {
  const advise = (element: string, code: string, message: string): void =>
    findings.warn(code, { path: `${place.path}.${element}`, at: place.at }, message);
  lintBreadth(statement, advise);
  for (const condition of statement.conditions) lintCondition(condition, statement, advise);
}

type Advise = (element: string, code: string, message: string) => void;

function lintBreadth(statement: Statement, advise: Advise): void {
  const { effect, principals, actions, resources, conditions } = statement;
  if (effect === "Deny") return;
  if (principals?.negated === true) {
    advise("NotPrincipal", "ALLOW_WITH_NOT_PRINCIPAL", "This allows everyone but those named, the public included.");
  }
  if (principals?.negated === false && principals.everyone && conditions.length === 0) {
    advise("Principal", "PUBLIC_ACCESS", "This allows everyone, the public included.");
  }
  if (actions.negated) advise("NotAction", "ALLOW_WITH_NOT_ACTION", "This allows every action but those named.");
  if (resources?.negated === true) {
    advise("NotResource", "ALLOW_WITH_NOT_RESOURCE", "This allows every resource but those named.");
  }
  const isUnlimited = !actions.negated && actions.patterns.includes("*") && conditions.length === 0;
  if (isUnlimited && resources?.negated === false && resources.patterns.includes("*")) {
    advise("Action", "ALLOW_EVERYTHING", "This allows every action on every resource.");
  }
}

function lintCondition(condition: Condition, statement: Statement, advise: Advise): void {
  const key = condition.key.toLowerCase();
  const { qualifier, operator } = condition;
  if (qualifier === undefined && operator !== "Null" && MULTIVALUED_KEYS.has(key)) {
    advise(
      "Condition",
      "MISSING_QUALIFIER",
      `${condition.key} may have several values: say ForAllValues or ForAnyValue.`,
    );
  }
  if (qualifier === "ForAllValues" && statement.effect === "Allow" && !requiresKey(statement, key)) {
    const message = `ForAllValues also holds without ${condition.key}: add Null with false to require it.`;
    advise("Condition", "FOR_ALL_VALUES_WITH_ALLOW", message);
  }
}

function requiresKey({ conditions }: Statement, key: string): boolean {
  return conditions.some(
    (condition) =>
      condition.operator === "Null" && condition.key.toLowerCase() === key && condition.values.includes("false"),
  );
}
