import { denialClause, type Decision } from "@stowage/iam";
import { AccessDeniedException } from "@stowage/model";
import type { AccessRequest } from "./authoriser.ts";

/** Source: IAM User Guide, access denied error messages. */
export function denial({ principal, action, resource }: AccessRequest, decision: Decision): AccessDeniedException {
  const refused = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  // AWS STS tells no reasons: they would say what the trust policy of another account's role holds.
  const clause = action.startsWith("sts:") ? undefined : denialClause(decision, action);
  return new AccessDeniedException(clause === undefined ? refused : `${refused} ${clause}`);
}
