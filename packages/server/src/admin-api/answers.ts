import type { Group, ManagedPolicy, PolicyFinding, Role, User } from "@stowage/model";
import type { AwsManagedPolicy, IdentityDetail, IdentityRow, ManagedPolicyRow, StoredPolicy } from "@stowage/registry";

/** What the rows of identities and policies are on the wire. */
export function userAnswer(row: IdentityRow): User {
  return { userName: row.name, userId: row.uniqueId, ...common(row), ...boundary(row), tags: row.tags };
}

export function groupAnswer(row: IdentityRow): Group {
  return { groupName: row.name, groupId: row.uniqueId, ...common(row) };
}

export function roleAnswer(row: IdentityRow): Role {
  const { trustPolicy, maxSessionSeconds } = row;
  if (trustPolicy === undefined || maxSessionSeconds === undefined) throw new Error(`${row.arn} is no role`);
  return {
    roleName: row.name,
    roleId: row.uniqueId,
    ...common(row),
    trustPolicy,
    maxSessionDuration: maxSessionSeconds,
    ...boundary(row),
    tags: row.tags,
  };
}

/** The policies of an identity. */
export function policiesAnswer({ inlinePolicies, attachedPolicies }: IdentityDetail): {
  readonly inlinePolicies: readonly { readonly policyName: string; readonly policyDocument: string }[];
  readonly attachedPolicies: readonly string[];
} {
  return {
    inlinePolicies: inlinePolicies.map(({ name, text }) => ({ policyName: name, policyDocument: text })),
    attachedPolicies,
  };
}

export function policyAnswer({ name, arn, path, createdAt, updatedAt }: ManagedPolicyRow): ManagedPolicy {
  return { policyName: name, policyArn: arn, path, isAwsManaged: false, createdAt, updatedAt };
}

export function awsPolicyAnswer({ name, arn }: AwsManagedPolicy): ManagedPolicy {
  return { policyName: name, policyArn: arn, path: "/", isAwsManaged: true };
}

export function storedPolicyAnswer({ policy, findings }: StoredPolicy): {
  policy: ManagedPolicy;
  findings: readonly PolicyFinding[];
} {
  return { policy: policyAnswer(policy), findings };
}

function common({ arn, path, createdAt }: IdentityRow): Pick<User, "arn" | "path" | "createdAt"> {
  return { arn, path, createdAt };
}

function boundary({ boundaryArn }: IdentityRow): Pick<User, "permissionsBoundary"> {
  return boundaryArn === undefined ? {} : { permissionsBoundary: boundaryArn };
}
