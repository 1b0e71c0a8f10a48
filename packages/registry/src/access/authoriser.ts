import type { RegistryId } from "@stowage/model";
import type { ResourceTag } from "../ports/repository-rows.ts";

/** Who makes a request, after authentication. `role` is a session of AssumeRole. */
export interface Principal {
  readonly kind: "root" | "user" | "role" | "open" | "anonymous";
  /** Of nobody in particular, for `anonymous`, the account of the registry that is asked. */
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

/** What a policy may look at beyond principal, action and resource. What is absent is a condition key that the request lacks. */
export interface AccessContext {
  readonly sourceIp?: string;
  readonly secureTransport?: boolean;
  readonly userAgent?: string;
  /** Region that the request is for; with `*` as resource, the registry of the caller's account there is meant. */
  readonly requestedRegion?: string;
  /** Tags that the request sets. */
  readonly requestTags?: readonly ResourceTag[];
  /** Keys of tags that the request sets or removes; those of `requestTags` unless given. */
  readonly tagKeys?: readonly string[];
  /** Of AssumeRole. */
  readonly externalId?: string;
  readonly roleSessionName?: string;
}

export type Action = `ecr:${string}` | `stowage:${string}` | `sts:${string}`;

export interface AccessRequest {
  readonly principal: Principal;
  readonly action: Action;
  /** ARN of what is acted on, or `*`. */
  readonly resource: string;
  readonly context?: AccessContext;
}

/** The one place that decides who may do what; all doors ask it. */
export interface Authoriser {
  /** @throws AccessDeniedException with the text that AWS gives */
  authorise(request: AccessRequest): Promise<void>;
  allowed(request: AccessRequest): Promise<boolean>;
  /** Decides likewise and tells of every statement what it had to do with it. */
  explain(request: AccessRequest): Promise<AccessExplanation>;
  /**
   * Whether the request would be allowed if its resource, a repository, had this policy.
   * @param policyText valid as a repository policy
   */
  allowedUnder(request: AccessRequest, policyText: string): Promise<boolean>;
}

export interface AccessExplanation {
  readonly decision: "allowed" | "explicitDeny" | "implicitDeny";
  /** Which kind of policy allowed or denied, or would have had to allow; `notEnforced` under `--open`. */
  readonly reason: string;
  /** Those of the identity, its boundary, its session and the resource, denies before allows. */
  readonly statements: readonly ExplainedStatement[];
}

export interface ExplainedStatement {
  /** What the policy is attached to: `identity`, `boundary`, `session` or `resource`. */
  readonly source: string;
  /** ARN of a managed policy; of others what they are and whose: `inline policy push of arn:aws:iam::…`. */
  readonly policy: string;
  /** 0-based. */
  readonly index: number;
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly matched: boolean;
  /** What kept it from matching. */
  readonly because?: string;
}
