import { isRepositoryName } from "../oci/repository-name.ts";
import type { RepositoryName } from "../oci/repository-name.ts";
import { partitionOf } from "./partitions.ts";
import { isRegistryId } from "./registry-id.ts";
import type { RegistryId } from "./registry-id.ts";

/** The parts of `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`; region and account may be empty. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

export interface RepositoryArn {
  readonly partition: string;
  readonly region: string;
  readonly registryId: RegistryId;
  readonly repositoryName: RepositoryName;
}

/** Longer texts are no ARN that AWS makes. */
export const MAX_ARN_LENGTH = 2048;

const PARTITION = /^aws(-[a-z]+)*$/;
const RESOURCE_PREFIX = "repository/";

/** Takes an ARN apart without judging the resource; undefined for what is none. */
export function parseArn(text: string): Arn | undefined {
  if (text.length > MAX_ARN_LENGTH) return undefined;
  const [head, partition = "", service = "", region = "", account = "", ...rest] = text.split(":");
  const resource = rest.join(":");
  if (head !== "arn" || !PARTITION.test(partition) || service === "" || resource === "") return undefined;
  return { partition, service, region, account, resource };
}

/** Undefined unless the text is the ARN of one ECR repository, with a valid account and name. */
export function parseRepositoryArn(text: string): RepositoryArn | undefined {
  const arn = parseArn(text);
  if (arn?.service !== "ecr" || arn.region === "" || !arn.resource.startsWith(RESOURCE_PREFIX)) return undefined;
  const repositoryName = arn.resource.slice(RESOURCE_PREFIX.length);
  if (!isRegistryId(arn.account) || !isRepositoryName(repositoryName)) return undefined;
  return { partition: arn.partition, region: arn.region, registryId: arn.account, repositoryName };
}

/** `arn:PARTITION:ecr:REGION:ACCOUNT:repository/NAME`; the partition follows from the region unless given. */
export function repositoryArn(parts: {
  readonly partition?: string | undefined;
  readonly region: string;
  readonly registryId: string;
  readonly repositoryName: string;
}): string {
  const partition = parts.partition ?? partitionOf(parts.region).id;
  return `arn:${partition}:ecr:${parts.region}:${parts.registryId}:${RESOURCE_PREFIX}${parts.repositoryName}`;
}
