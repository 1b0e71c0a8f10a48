import type { Explanation, FailedElement, StatementTrace } from "@stowage/iam";
import type { AccessExplanation, ExplainedStatement } from "./authoriser.ts";

export function explanationOf({ decision, reason, statements }: Explanation): AccessExplanation {
  return { decision, reason, statements: statements.map(explained) };
}

function explained({ source, policy, index, sid, effect, matched, failed }: StatementTrace): ExplainedStatement {
  return {
    source,
    policy,
    index,
    ...(sid !== undefined && { sid }),
    effect,
    matched,
    ...(failed !== undefined && { because: sentence(failed) }),
  };
}

function sentence(failed: FailedElement): string {
  switch (failed.element) {
    case "Action":
      return "It is about other actions.";
    case "Resource":
      return "It is about other resources.";
    case "Principal":
      return "It is about other principals.";
    case "Condition": {
      const { operator, key, expected, actual } = failed;
      const wanted = `${operator} of ${key} wants ${expected.join(" or ")}`;
      return actual === undefined
        ? `${wanted}; the request has no ${key}.`
        : `${wanted}; the request has ${actual.join(", ")}.`;
    }
  }
}
