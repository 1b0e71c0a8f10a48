import { AccessDeniedException, type RegistryId } from "@stowage/model";

/** Who makes a request, after authentication. `role` is a session of AssumeRole. */
export interface Principal {
  readonly kind: "root" | "user" | "role" | "open" | "anonymous";
  readonly accountId: RegistryId;
  /** Of a role's session `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
  readonly arn: string;
  /** As GetCallerIdentity tells it; of a role's session `AROA…:SESSION`. */
  readonly userId: string;
  /** Identity whose policies count: of a role's session the role's ARN, of everyone else `arn` itself. */
  readonly identityArn: string;
  readonly accessKeyId?: string;
  /** Access key id of the session whose policies and tags count; absent for those who use a key that does not expire. */
  readonly sessionKeyId?: string;
}

/** What a policy may look at beyond principal, action and resource. */
export interface AccessContext {
  readonly sourceIp?: string;
  readonly secureTransport?: boolean;
  readonly userAgent?: string;
}

export type Action = `ecr:${string}` | `stowage:${string}` | `sts:${string}`;

export interface AccessRequest {
  readonly principal: Principal;
  readonly action: Action;
  /** ARN of what is acted on, or `*`. */
  readonly resource: string;
  readonly context?: AccessContext;
}

/** The one place that decides who may do what; both doors and the administration door ask it. */
export interface Authoriser {
  /** @throws AccessDeniedException with the text that AWS gives */
  authorise(request: AccessRequest): Promise<void>;
  allowed(request: AccessRequest): Promise<boolean>;
}

/**
 * Decides from accounts alone: the root of an account may do everything there, and nobody reaches into another account.
 * @param enforce `false` under `--open`: everything is allowed
 */
export function accountAuthoriser(enforce: boolean): Authoriser {
  const allows = (request: AccessRequest): boolean =>
    !enforce || (request.principal.kind === "root" && ownsResource(request.principal, request.resource));
  return {
    allowed: (request) => Promise.resolve(allows(request)),
    authorise: (request) => (allows(request) ? GRANTED : Promise.reject(denial(request))),
  };
}

const GRANTED = Promise.resolve();

/** `*` stands for what belongs to the caller's own account. Otherwise the account is the ARN's fifth part. */
function ownsResource(principal: Principal, resource: string): boolean {
  if (resource === "*") return true;
  return resource.split(":", 5)[4] === principal.accountId;
}

function denial(request: AccessRequest): AccessDeniedException {
  const { principal, action, resource } = request;
  const reason = ownsResource(principal, resource) ? "identity-based" : "resource-based";
  return new AccessDeniedException(
    `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} ` +
      `because no ${reason} policy allows the ${action} action`,
  );
}
