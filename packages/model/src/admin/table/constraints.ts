import type { Constraint } from "../../table/table.ts";

const NAME = String.raw`[\w+=,.@-]+`;

/** What the values of a shape must satisfy. Source of those that IAM has: IAM API reference. */
export const constraints: Readonly<Record<string, Constraint>> = {
  AccessKeyId: { min: 16, max: 128, pattern: String.raw`\w+` },
  AccessKeyStatus: { enum: ["Active", "Inactive"] },
  AccountId: { pattern: "[0-9]{12}" },
  ActionName: { min: 3, max: 128, pattern: "[A-Za-z0-9-]+:[A-Za-z0-9]+" },
  AccessDecision: { enum: ["allowed", "explicitDeny", "implicitDeny"] },
  StatementEffect: { enum: ["Allow", "Deny"] },
  PolicySeverity: { enum: ["error", "warning"] },
  GroupName: { min: 1, max: 128, pattern: NAME },
  IpAddress: { min: 2, max: 45, pattern: "[0-9A-Fa-f.:]+" },
  MaxResults: { min: 1, max: 1000 },
  Path: { min: 1, max: 512, pattern: String.raw`/|/[\x21-\x7e]+/` },
  PermissionsBoundary: { max: 2048, pattern: String.raw`(arn:[\x21-\x7e]+)?` },
  PolicyArn: { min: 20, max: 2048, pattern: String.raw`arn:[\x21-\x7e]+` },
  PolicyDocument: { min: 1, max: 131_072 },
  PolicyName: { min: 1, max: 128, pattern: NAME },
  PolicyScope: { enum: ["All", "AWS", "Local"] },
  PolicyType: { enum: ["identity", "trust"] },
  PrincipalArn: { min: 20, max: 2048, pattern: String.raw`arn:[\x21-\x7e]+` },
  RegionName: { min: 1, max: 64, pattern: "[a-z0-9-]+" },
  ResourceName: { min: 1, max: 2048 },
  RoleName: { min: 1, max: 64, pattern: NAME },
  SessionSeconds: { min: 3600, max: 43_200 },
  TagKey: { min: 1, max: 128, pattern: String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]+` },
  TagValue: { max: 256, pattern: String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]*` },
  Token: { min: 1, max: 8192 },
  UserName: { min: 1, max: 64, pattern: NAME },
};
