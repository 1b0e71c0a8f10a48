import { isRegistryId, parseRepositoryArn, repositoryArn, type RepositoryArn } from "@stowage/model";
import { InvalidParameter, type RegistryKey } from "@stowage/registry";

type Members = ReadonlyMap<string, unknown>;

/** What a request is about: a registry and the resources in it that the caller must be allowed to act on. */
export interface Target {
  readonly registry: RegistryKey;
  readonly resources: readonly string[];
}

/**
 * Reads the target off the members of a valid input. Operations on repositories act on their ARNs, the others on `*`.
 * Source: Service Authorization Reference, Amazon Elastic Container Registry.
 * @param own the caller's own registry
 * @throws InvalidParameterException `resourceArn` names no repository of this region
 */
export function targetOf(operation: string, input: object, own: RegistryKey): Target {
  const members: Members = new Map<string, unknown>(Object.entries(input));
  const arn = members.get("resourceArn");
  if (typeof arn === "string") {
    const { registryId, region } = parseResourceArn(arn, own.region);
    return { registry: { registryId, region }, resources: [arn] };
  }
  const registryId = members.get("registryId");
  const isNamed = typeof registryId === "string" && isRegistryId(registryId);
  const registry = isNamed ? { registryId, region: own.region } : own;
  const names = repositoryNames(members, operation);
  if (names.length > 0)
    return { registry, resources: names.map((repositoryName) => repositoryArn({ ...registry, repositoryName })) };
  return { registry, resources: [registry.registryId === own.registryId ? "*" : wholeRegistry(registry)] };
}

function repositoryNames(members: Members, operation: string): readonly string[] {
  const name = members.get("repositoryName");
  if (typeof name === "string") return [name];
  const names = members.get("repositoryNames");
  if (Array.isArray(names)) return [...new Set(names.map(String))];
  return operation === "DescribeRepositories" ? ["*"] : [];
}

/** `*` would stand for the caller's own registry. */
function wholeRegistry(registry: RegistryKey): string {
  return repositoryArn({ ...registry, repositoryName: "" }).replace(/repository\/$/, "*");
}

/** The repository that a `resourceArn` of this region names. @throws InvalidParameterException it is something else */
export function parseResourceArn(text: string, region: string): RepositoryArn {
  const arn = parseRepositoryArn(text);
  if (arn === undefined || arn.region !== region || repositoryArn({ ...arn, partition: undefined }) !== text) {
    throw new InvalidParameter("resourceArn", "Invalid ARN");
  }
  return arn;
}
