/** Policy documents as AWS writes them, before anything of ours has read them. */
export interface PolicyDocument {
  readonly Version?: "2008-10-17" | "2012-10-17";
  readonly Id?: string;
  readonly Statement: OneOrMany<StatementDocument>;
}

export type OneOrMany<T> = T | readonly T[];

export interface StatementDocument {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: PrincipalDocument;
  readonly NotPrincipal?: PrincipalDocument;
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: ConditionDocument;
}

export type PrincipalDocument =
  | "*"
  | {
      readonly AWS?: OneOrMany<string>;
      readonly Service?: OneOrMany<string>;
      readonly Federated?: OneOrMany<string>;
      readonly CanonicalUser?: OneOrMany<string>;
    };

export type ConditionDocument = Readonly<Record<string, Readonly<Record<string, OneOrMany<ConditionValue>>>>>;
export type ConditionValue = string | number | boolean;

/** The documents that apply to one request. */
export interface Documents {
  readonly identity?: readonly PolicyDocument[];
  readonly boundary?: PolicyDocument;
  readonly session?: readonly PolicyDocument[];
  readonly resource?: readonly PolicyDocument[];
  /** A role's trust policy in place of a policy of a resource. */
  readonly trust?: PolicyDocument;
}

/** Who asks, flat: which members are there depends on the kind. */
export interface Caller {
  readonly kind: "root" | "user" | "role" | "assumedRole" | "anonymous" | "service";
  readonly accountId: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly userId: string;
  readonly service: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Question {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccountId: string;
  /** Keys in any case. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

export type Outcome = "allowed" | "explicitDeny" | "implicitDeny";
