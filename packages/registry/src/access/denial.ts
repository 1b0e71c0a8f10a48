import type { Decision, PolicySource } from "@stowage/iam";
import { AccessDeniedException } from "@stowage/model";
import type { AccessRequest } from "./authoriser.ts";

const SOURCES: Readonly<Record<PolicySource, string>> = {
  identity: "an identity-based policy",
  boundary: "a permissions boundary",
  session: "a session policy",
  resource: "a resource-based policy",
};

/** Source: IAM User Guide, access denied error messages. */
export function denial({ principal, action, resource }: AccessRequest, decision: Decision): AccessDeniedException {
  const refused = `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  // AWS STS tells no reasons: they would say what the trust policy of another account's role holds.
  if (action.startsWith("sts:")) return new AccessDeniedException(refused);
  return new AccessDeniedException(`${refused} ${reasonOf(decision, action)}`);
}

function reasonOf({ reason, decidedBy }: Decision, action: string): string {
  switch (reason) {
    case "deniedByStatement":
      return `with an explicit deny in ${SOURCES[decidedBy[0]?.source ?? "resource"]}`;
    case "noBoundaryAllow":
      return `because no permissions boundary allows the ${action} action`;
    case "noSessionAllow":
      return `because no session policy allows the ${action} action`;
    case "noResourceAllow":
      return `because no resource-based policy allows the ${action} action`;
    case "noIdentityAllow":
      return `because no identity-based policy allows the ${action} action`;
    case "allowedByIdentity":
    case "allowedByResource":
    case "allowedByBothAccounts":
    case "allowedAsRoot":
      throw new TypeError(`${reason} is no reason to refuse`);
  }
}
