import { AccessDeniedException, type RegistryId } from "@stowage/model";

/** Who makes a request, after authentication. */
export interface Principal {
  readonly kind: "root" | "user" | "role" | "open" | "anonymous";
  readonly accountId: RegistryId;
  readonly arn: string;
  readonly userId: string;
  readonly accessKeyId?: string;
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
