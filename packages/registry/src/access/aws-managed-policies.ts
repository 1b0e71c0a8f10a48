/** A policy that every account has without having made it. */
export interface AwsManagedPolicy {
  /** `arn:aws:iam::aws:policy/NAME` */
  readonly arn: string;
  readonly name: string;
  /** The document. */
  readonly text: string;
}

const PULL = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
const READ = [
  ...PULL,
  "ecr:BatchCheckLayerAvailability",
  "ecr:GetRepositoryPolicy",
  "ecr:DescribeRepositories",
  "ecr:ListImages",
  "ecr:DescribeImages",
  "ecr:GetLifecyclePolicy",
  "ecr:GetLifecyclePolicyPreview",
  "ecr:ListTagsForResource",
  "ecr:DescribeImageScanFindings",
];
const PUSH = ["ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage"];

/**
 * The policies that AWS keeps for users of ECR, and the one for administrators. AWS's FullAccess also allows what other
 * services do; here nothing would ask for it.
 * Source: AWS managed policy reference.
 */
export const awsManagedPolicies: readonly AwsManagedPolicy[] = [
  managedPolicy("AmazonEC2ContainerRegistryReadOnly", READ),
  managedPolicy("AmazonEC2ContainerRegistryPowerUser", [...READ, ...PUSH]),
  managedPolicy("AmazonEC2ContainerRegistryFullAccess", ["ecr:*"]),
  managedPolicy("AmazonEC2ContainerRegistryPullOnly", [...PULL, "ecr:BatchImportUpstreamImage"]),
  managedPolicy("AdministratorAccess", ["*"]),
];

const BY_ARN: ReadonlyMap<string, AwsManagedPolicy> = new Map(awsManagedPolicies.map((policy) => [policy.arn, policy]));

export function findAwsManagedPolicy(arn: string): AwsManagedPolicy | undefined {
  return BY_ARN.get(arn);
}

function managedPolicy(name: string, actions: readonly string[]): AwsManagedPolicy {
  const statement = { Effect: "Allow", Action: actions, Resource: "*" };
  const text = JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, undefined, 2);
  return { arn: `arn:aws:iam::aws:policy/${name}`, name, text };
}
