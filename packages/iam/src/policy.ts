/** What a document is attached to; it decides which elements the document may and must have. */
export type PolicyKind = "identity" | "resource" | "session" | "boundary" | "trust";

export type PolicyVersion = "2008-10-17" | "2012-10-17";

/** Documents that passed {@link parsePolicy}; only these are compiled. */
export interface Policy {
  readonly kind: PolicyKind;
  /** Policy variables exist from 2012-10-17 on; before, `${` is text. */
  readonly version: PolicyVersion;
  readonly id?: string;
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  /** Present in resource and trust policies alone. */
  readonly principals?: PrincipalElement;
  readonly actions: PatternElement;
  /** Absent where the document belongs to one resource, as repository policies do. */
  readonly resources?: PatternElement;
  /** All of them must hold. */
  readonly conditions: readonly Condition[];
}

/** Action and NotAction, Resource and NotResource. */
export interface PatternElement {
  readonly negated: boolean;
  /** As written; at least one. */
  readonly patterns: readonly string[];
}

/** Principal and NotPrincipal. */
export interface PrincipalElement {
  readonly negated: boolean;
  /** `"*"` or `{"AWS": "*"}`. */
  readonly everyone: boolean;
  /** Account ids; `arn:aws:iam::ACCOUNT:root` stands here as its account. */
  readonly accounts: readonly string[];
  /** ARNs of users, roles, role sessions and federated users. */
  readonly arns: readonly string[];
  /** Unique ids (AIDA…, AROA…) that AWS puts in place of an ARN. */
  readonly uniqueIds: readonly string[];
  readonly services: readonly string[];
  readonly federated: readonly string[];
  readonly canonicalUsers: readonly string[];
}

/** One key under one operator. */
export interface Condition {
  /** As AWS spells it, without qualifier and suffix: `StringLike`. */
  readonly operator: OperatorName;
  readonly qualifier?: SetQualifier;
  readonly ifExists: boolean;
  /** As written; compared without regard to case. */
  readonly key: string;
  /** Numbers and booleans as their text. One of them must match. */
  readonly values: readonly string[];
}

export type SetQualifier = "ForAllValues" | "ForAnyValue";

export const OPERATOR_NAMES = [
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringNotEqualsIgnoreCase",
  "StringLike",
  "StringNotLike",
  "NumericEquals",
  "NumericNotEquals",
  "NumericLessThan",
  "NumericLessThanEquals",
  "NumericGreaterThan",
  "NumericGreaterThanEquals",
  "DateEquals",
  "DateNotEquals",
  "DateLessThan",
  "DateLessThanEquals",
  "DateGreaterThan",
  "DateGreaterThanEquals",
  "Bool",
  "BinaryEquals",
  "IpAddress",
  "NotIpAddress",
  "ArnEquals",
  "ArnLike",
  "ArnNotEquals",
  "ArnNotLike",
  "Null",
] as const;

export type OperatorName = (typeof OPERATOR_NAMES)[number];
