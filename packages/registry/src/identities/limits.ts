import { LimitExceededException } from "@stowage/model";
import { countPolicyChars } from "@stowage/iam";
import type { IdentityRow } from "../ports/identity-rows.ts";

/**
 * What an account may have. Sizes of documents count characters without white space.
 * Source: IAM User Guide, IAM and AWS STS quotas, the values before any is raised.
 */
export const IDENTITY_LIMITS = {
  user: { perAccount: 5_000, quota: "UsersPerAccount", inlineChars: 2_048, policies: "PoliciesPerUser" },
  group: { perAccount: 300, quota: "GroupsPerAccount", inlineChars: 5_120, policies: "PoliciesPerGroup" },
  role: { perAccount: 1_000, quota: "RolesPerAccount", inlineChars: 10_240, policies: "PoliciesPerRole" },
} as const satisfies Record<IdentityRow["kind"], KindLimits>;

interface KindLimits {
  /** Identities of the kind. */
  readonly perAccount: number;
  /** What AWS calls that quota. */
  readonly quota: string;
  /** Inline policies of one identity together. */
  readonly inlineChars: number;
  /** What AWS calls the quota of attached policies. */
  readonly policies: string;
}

export const MAX_ATTACHED_POLICIES = 10;
export const MAX_GROUPS_OF_USER = 10;
export const MAX_USER_ACCESS_KEYS = 2;
export const MAX_TAGS = 50;
export const MAX_POLICIES_PER_ACCOUNT = 1_500;
export const MAX_TRUST_POLICY_CHARS = 2_048;

/** Source: observed answers of IAM. */
export function quotaExceeded(quota: string, limit: number): LimitExceededException {
  return new LimitExceededException(`Cannot exceed quota for ${quota}: ${limit}`);
}

/** @throws LimitExceededException */
export function checkChars(text: string, quota: string, limit: number): void {
  if (countPolicyChars(text) > limit) throw quotaExceeded(quota, limit);
}
