import type { Decision, PolicySource, Reason } from "./evaluate.ts";

const KINDS: Readonly<Record<PolicySource, string>> = {
  identity: "identity-based policy",
  boundary: "permissions boundary",
  session: "session policy",
  resource: "resource-based policy",
};

/** Which kind of policy would have had to allow. */
const SILENT: Readonly<Partial<Record<Reason, PolicySource>>> = {
  noIdentityAllow: "identity",
  noBoundaryAllow: "boundary",
  noSessionAllow: "session",
  noResourceAllow: "resource",
};

/**
 * How AWS ends the sentence "User: … is not authorized to perform: … on resource: …"; undefined when it is allowed.
 * @param action as it stands in the sentence, `ecr:PutImage`
 * Source: IAM User Guide, troubleshoot access denied error messages.
 */
export function denialClause(decision: Decision, action: string): string | undefined {
  const [statement] = decision.decidedBy;
  if (decision.decision === "explicitDeny" && statement !== undefined) {
    const article = statement.source === "identity" ? "an" : "a";
    return `with an explicit deny in ${article} ${KINDS[statement.source]}`;
  }
  const silent = SILENT[decision.reason];
  return silent === undefined ? undefined : `because no ${KINDS[silent]} allows the ${action} action`;
}
