import type { CompiledPolicies, CompiledStatement } from "./compile.ts";
import { grantTo, type Grant } from "./principal.ts";
import { factsOf, type AccessRequest, type Facts } from "./request.ts";
import { findMatch } from "./statement.ts";

/** Everything that has a say in a request. */
export interface PolicySets {
  /** Of the user and its groups, or of the role. */
  readonly identity?: readonly CompiledPolicies[];
  /** Limits what the identity policies allow; absent when the identity has none. */
  readonly boundary?: CompiledPolicies;
  /** Given when the session was made, all of them as one; absent when none were. */
  readonly session?: CompiledPolicies;
  /** Of the resource: a repository policy, the registry policy. */
  readonly resource?: readonly CompiledPolicies[];
  /** For role trust policies: within an account too, nothing is allowed that they do not allow. */
  readonly resourceMustAllow?: boolean;
}

export type PolicySource = "identity" | "boundary" | "session" | "resource";

/** A statement, as a reader finds it. */
export interface StatementRef {
  readonly source: PolicySource;
  /** Name of the policy as given to {@link compile}. */
  readonly policy: string;
  /** 0-based. */
  readonly index: number;
  readonly sid?: string;
}

/** Why: which policies allowed, or which of them would have had to. */
export type Reason =
  | "deniedByStatement"
  | "allowedByIdentity"
  | "allowedByResource"
  | "allowedByBothAccounts"
  | "allowedAsRoot"
  | "noIdentityAllow"
  | "noBoundaryAllow"
  | "noSessionAllow"
  | "noResourceAllow";

export interface Decision {
  readonly decision: "allowed" | "explicitDeny" | "implicitDeny";
  readonly reason: Reason;
  /** The statements that decided; none for an implicit deny and for the root of an account. */
  readonly decidedBy: readonly StatementRef[];
}

/** A statement and the kind of set it stands in. */
interface Found {
  readonly source: PolicySource;
  readonly statement: CompiledStatement;
}

/**
 * Decides a request: an explicit deny anywhere wins; within an account an allow on either side is enough; across
 * accounts both sides must allow; boundaries and session policies limit, but not what a resource policy grants to the
 * user or the session itself.
 * Source: IAM User Guide, policy evaluation logic.
 */
export function evaluate(policies: PolicySets, request: AccessRequest): Decision {
  return decide(ownPolicies(policies, request), request, factsOf(request));
}

/** Only users and roles have policies of their own; a root, a service and the public have none. */
export function ownPolicies(policies: PolicySets, { principal }: AccessRequest): PolicySets {
  if (principal.kind === "user" || principal.kind === "role" || principal.kind === "assumedRole") return policies;
  const { resource = [], resourceMustAllow = false } = policies;
  return { resource, resourceMustAllow };
}

export function decide(policies: PolicySets, request: AccessRequest, facts: Facts): Decision {
  const deny = findDeny(policies, facts);
  if (deny !== undefined) return { decision: "explicitDeny", reason: "deniedByStatement", decidedBy: [refOf(deny)] };
  const { principal, resourceAccountId } = request;
  const granted = strongestGrant(policies, facts);
  if (principal.kind === "anonymous" || principal.kind === "service") return byResource(granted);
  const isOwnAccount = principal.accountId === resourceAccountId;
  if (principal.kind === "root") {
    return isOwnAccount && policies.resourceMustAllow !== true ? allowed("allowedAsRoot") : byResource(granted);
  }
  return isOwnAccount ? withinAccount(policies, granted, facts) : acrossAccounts(policies, granted, facts);
}

function findDeny(policies: PolicySets, facts: Facts): Found | undefined {
  for (const [source, set] of setsOf(policies)) {
    const statement = findMatch(set.denies, facts);
    if (statement !== undefined) return { source, statement };
  }
  return undefined;
}

/** All sets in the order in which they are looked at. */
export function setsOf(policies: PolicySets): readonly (readonly [PolicySource, CompiledPolicies])[] {
  const { identity = [], boundary, session, resource = [] } = policies;
  const sets: [PolicySource, CompiledPolicies][] = identity.map((set) => ["identity", set]);
  if (boundary !== undefined) sets.push(["boundary", boundary]);
  if (session !== undefined) sets.push(["session", session]);
  for (const set of resource) sets.push(["resource", set]);
  return sets;
}

interface Granted {
  readonly grant: Grant;
  readonly statement: CompiledStatement;
}

const STRENGTH: Readonly<Record<Grant, number>> = { account: 1, limited: 2, direct: 3 };

/** The statement of the resource policies that names who asks most closely. */
function strongestGrant({ resource = [], session }: PolicySets, facts: Facts): Granted | undefined {
  let strongest: Granted | undefined;
  for (const { allows } of resource) {
    for (const statement of allows) {
      const grant = grantBy(statement, facts, session !== undefined);
      if (grant === undefined || (strongest !== undefined && STRENGTH[grant] <= STRENGTH[strongest.grant])) continue;
      if (findMatch([statement], facts) === undefined) continue;
      if (grant === "direct") return { grant, statement };
      strongest = { grant, statement };
    }
  }
  return strongest;
}

/** A session policy makes the credentials of a user a session, which the user's own ARN does not name. */
function grantBy({ principals }: CompiledStatement, { principal }: Facts, hasSession: boolean): Grant | undefined {
  if (principals === undefined) return undefined;
  const grant = grantTo(principal, principals, "Allow");
  const isUserBehindSession = principal.kind === "user" && hasSession && !principals.everyone && !principals.negated;
  return grant === "direct" && isUserBehindSession ? "limited" : grant;
}

function withinAccount(policies: PolicySets, granted: Granted | undefined, facts: Facts): Decision {
  if (granted?.grant === "direct") return byResource(granted);
  if (granted?.grant === "limited") return limitOf(policies, facts) ?? byResource(granted);
  if (policies.resourceMustAllow === true && granted === undefined) return refused("noResourceAllow");
  const allowing = identityAllow(policies, facts);
  return "decision" in allowing ? allowing : allowed("allowedByIdentity", allowing);
}

function acrossAccounts(policies: PolicySets, granted: Granted | undefined, facts: Facts): Decision {
  const allowing = identityAllow(policies, facts);
  if ("decision" in allowing) return allowing;
  if (granted === undefined) return refused("noResourceAllow");
  return allowed("allowedByBothAccounts", allowing, { source: "resource", statement: granted.statement });
}

/** The identity policies' allow, unless boundary or session policies hold it back. */
function identityAllow(policies: PolicySets, facts: Facts): Found | Decision {
  for (const set of policies.identity ?? []) {
    const statement = findMatch(set.allows, facts);
    if (statement !== undefined) return limitOf(policies, facts) ?? { source: "identity", statement };
  }
  return refused("noIdentityAllow");
}

/** The implicit deny of a boundary or of session policies. */
function limitOf({ boundary, session }: PolicySets, facts: Facts): Decision | undefined {
  if (boundary !== undefined && findMatch(boundary.allows, facts) === undefined) return refused("noBoundaryAllow");
  if (session !== undefined && findMatch(session.allows, facts) === undefined) return refused("noSessionAllow");
  return undefined;
}

function byResource(granted: Granted | undefined): Decision {
  if (granted === undefined) return refused("noResourceAllow");
  return allowed("allowedByResource", { source: "resource", statement: granted.statement });
}

function allowed(reason: Reason, ...by: Found[]): Decision {
  return { decision: "allowed", reason, decidedBy: by.map(refOf) };
}

function refused(reason: Reason): Decision {
  return { decision: "implicitDeny", reason, decidedBy: [] };
}

function refOf({ source, statement }: Found): StatementRef {
  return statementRef(source, statement);
}

export function statementRef(
  source: PolicySource,
  { policy, index, source: written }: CompiledStatement,
): StatementRef {
  return { source, policy, index, ...(written.sid !== undefined && { sid: written.sid }) };
}
