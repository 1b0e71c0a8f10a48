import type { ContextLookup } from "../matching/lookup.ts";
import { roleArnOf, type RequestPrincipal } from "./principal.ts";

/** A request to be decided. */
export interface AccessRequest {
  readonly principal: RequestPrincipal;
  /** `ecr:PutImage`, in any case. */
  readonly action: string;
  /** ARN of what is acted on; `*` for an action that has no resource, as ecr:GetAuthorizationToken. */
  readonly resource: string;
  /** Account that owns the resource; of an action without resource the caller's own. */
  readonly resourceAccountId: string;
  /** Everything but the keys of the principal, which come from `principal` alone. */
  readonly context: ContextLookup;
}

/** A request as statements see it. */
export interface Facts {
  readonly principal: RequestPrincipal;
  readonly action: string;
  readonly resource: string;
  readonly lookup: ContextLookup;
}

const PRINCIPAL_TAG = "aws:principaltag/";

export function factsOf(request: AccessRequest): Facts {
  const { principal, action, resource, context } = request;
  const lookup: ContextLookup = (key) => (isPrincipalKey(key) ? principalValue(principal, key) : context(key));
  return { principal, action: action.toLowerCase(), resource, lookup };
}

const PRINCIPAL_KEYS: ReadonlySet<string> = new Set([
  "aws:principalarn",
  "aws:principalaccount",
  "aws:principaltype",
  "aws:principalisawsservice",
  "aws:principalservicename",
  "aws:userid",
  "aws:username",
]);

function isPrincipalKey(key: string): boolean {
  return PRINCIPAL_KEYS.has(key) || key.startsWith(PRINCIPAL_TAG);
}

/** Source: IAM User Guide, global condition context keys, properties of the principal. */
function principalValue(principal: RequestPrincipal, key: string): readonly string[] | undefined {
  const value = key.startsWith(PRINCIPAL_TAG)
    ? principalTag(principal, key.slice(PRINCIPAL_TAG.length))
    : principalProperty(principal, key);
  return value === undefined ? undefined : [value];
}

function principalProperty(principal: RequestPrincipal, key: string): string | undefined {
  switch (key) {
    case "aws:principalarn":
      return principalArn(principal);
    case "aws:principalaccount":
      return "accountId" in principal ? principal.accountId : undefined;
    case "aws:principaltype":
      return PRINCIPAL_TYPES[principal.kind];
    case "aws:principalisawsservice":
      return principal.kind === "anonymous" ? undefined : String(principal.kind === "service");
    case "aws:principalservicename":
      return principal.kind === "service" ? principal.service : undefined;
    case "aws:userid":
      return userId(principal);
    case "aws:username":
      return principal.kind === "user" ? principal.arn.slice(principal.arn.lastIndexOf("/") + 1) : undefined;
    default:
      return undefined;
  }
}

const PRINCIPAL_TYPES: Readonly<Record<RequestPrincipal["kind"], string | undefined>> = {
  root: "Account",
  user: "User",
  role: "AssumedRole",
  assumedRole: "AssumedRole",
  anonymous: "Anonymous",
  service: undefined,
};

/** Of a session the role, so that a policy need not know the names of sessions. */
function principalArn(principal: RequestPrincipal): string | undefined {
  if (principal.kind === "assumedRole") return roleArnOf(principal);
  return "arn" in principal ? principal.arn : undefined;
}

function userId(principal: RequestPrincipal): string | undefined {
  if (principal.kind === "anonymous") return "anonymous";
  if (principal.kind === "service") return undefined;
  return principal.kind === "root" ? principal.accountId : principal.userId;
}

/** Tag keys have no case in policies, as all condition keys. Of tags that differ in nothing else the first answers. */
function principalTag(principal: RequestPrincipal, key: string): string | undefined {
  const tags = "tags" in principal ? principal.tags : undefined;
  if (tags === undefined) return undefined;
  const name = Object.keys(tags).find((candidate) => candidate.toLowerCase() === key);
  return name === undefined ? undefined : tags[name];
}
