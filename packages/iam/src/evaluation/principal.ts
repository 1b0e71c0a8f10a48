import type { PrincipalElement } from "../policy.ts";

/** Who makes a request. */
export type RequestPrincipal =
  | RootPrincipal
  | UserPrincipal
  | RolePrincipal
  | AssumedRolePrincipal
  | { readonly kind: "anonymous" }
  /** `service` as in policies: `replication.ecr.amazonaws.com`. */
  | { readonly kind: "service"; readonly service: string };

interface AccountPrincipal {
  /** 12 digits. */
  readonly accountId: string;
  readonly arn: string;
  /** What `aws:userid` answers: the account id of a root, AIDA… of a user, AROA…:SESSION of a role session. */
  readonly userId?: string;
}

export interface RootPrincipal extends AccountPrincipal {
  readonly kind: "root";
}

export interface UserPrincipal extends AccountPrincipal, TaggedPrincipal {
  readonly kind: "user";
}

/** A role that acts without a session, as background work of ours does. */
export interface RolePrincipal extends AccountPrincipal, TaggedPrincipal {
  readonly kind: "role";
}

export interface AssumedRolePrincipal extends AccountPrincipal, TaggedPrincipal {
  readonly kind: "assumedRole";
  /** The role's own ARN. Derived from `arn` when absent, which loses the path that a role may have. */
  readonly roleArn?: string;
}

interface TaggedPrincipal {
  /** Tags of the identity, those of its session over them; `aws:PrincipalTag/KEY` answers them. */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * How closely a resource policy names who asks. `direct`: the user, the session, the service or everyone; no implicit
 * deny elsewhere takes it away. `limited`: the identity behind a session; boundary and session policies still limit it.
 * `account`: the account, which then decides itself.
 * Source: IAM User Guide, policy evaluation logic.
 */
export type Grant = "direct" | "limited" | "account";

/** Principal or NotPrincipal, ready to be asked. */
export interface CompiledPrincipals {
  readonly negated: boolean;
  readonly everyone: boolean;
  readonly accounts: ReadonlySet<string>;
  readonly arns: ReadonlySet<string>;
  readonly uniqueIds: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
}

export function compilePrincipals(element: PrincipalElement): CompiledPrincipals {
  return {
    negated: element.negated,
    everyone: element.everyone,
    accounts: new Set(element.accounts),
    arns: new Set(element.arns),
    uniqueIds: new Set(element.uniqueIds),
    services: new Set(element.services),
  };
}

/** How the element of a statement names who asks; undefined when the statement is not about them. */
export function grantTo(
  principal: RequestPrincipal,
  element: CompiledPrincipals,
  effect: "Allow" | "Deny",
): Grant | undefined {
  if (!element.negated) return named(principal, element);
  const isExcepted = effect === "Deny" ? isWhollyNamed(principal, element) : named(principal, element) !== undefined;
  return isExcepted ? undefined : "direct";
}

function named(principal: RequestPrincipal, element: CompiledPrincipals): Grant | undefined {
  if (element.everyone) return "direct";
  if (principal.kind === "anonymous") return undefined;
  if (principal.kind === "service") return element.services.has(principal.service) ? "direct" : undefined;
  if (namesItself(principal, element)) return principal.kind === "role" ? "limited" : "direct";
  if (principal.kind === "assumedRole" && namesRole(principal, element)) return "limited";
  return element.accounts.has(principal.accountId) ? "account" : undefined;
}

/**
 * NotPrincipal with Deny spares only who is named at every level: the account, the role, and the user or session.
 * Source: IAM User Guide, NotPrincipal.
 */
function isWhollyNamed(principal: RequestPrincipal, element: CompiledPrincipals): boolean {
  if (principal.kind === "anonymous" || principal.kind === "service" || element.everyone) {
    return named(principal, element) !== undefined;
  }
  if (!element.accounts.has(principal.accountId)) return false;
  if (principal.kind === "root") return true;
  const isRoleNamed = principal.kind !== "assumedRole" || namesRole(principal, element);
  return isRoleNamed && namesItself(principal, element);
}

function namesItself(principal: AnyAccountPrincipal, { arns, uniqueIds }: CompiledPrincipals): boolean {
  return arns.has(principal.arn) || (principal.userId !== undefined && uniqueIds.has(principal.userId));
}

function namesRole(principal: AssumedRolePrincipal, { arns, uniqueIds }: CompiledPrincipals): boolean {
  if (arns.size > 0 && arns.has(roleArnOf(principal))) return true;
  const { userId = "" } = principal;
  return uniqueIds.size > 0 && uniqueIds.has(userId.slice(0, Math.max(0, userId.indexOf(":"))));
}

type AnyAccountPrincipal = Exclude<RequestPrincipal, { kind: "anonymous" | "service" }>;

/** The ARN of the role behind a session. */
export function roleArnOf({ arn, roleArn, accountId }: AssumedRolePrincipal): string {
  if (roleArn !== undefined) return roleArn;
  // arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION
  const partition = arn.slice(arn.indexOf(":") + 1, arn.indexOf(":", arn.indexOf(":") + 1));
  const role = arn.slice(arn.indexOf("/") + 1, arn.lastIndexOf("/"));
  return `arn:${partition}:iam::${accountId}:role/${role}`;
}
