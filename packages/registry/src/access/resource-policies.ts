import { isRegistryId, parseArn, parseRepositoryArn } from "@stowage/model";
import type { CompiledPolicies, PolicySets } from "@stowage/iam";
import type { MetadataReads } from "../ports/metadata.ts";
import type { RegistryKey, RepositoryRow, ResourceTag } from "../ports/repository-rows.ts";
import { compileStored, type Compiled, type ReportUnreadable } from "./compiled-policy.ts";

/** What a request acts on, with the policies that lie on it. */
export interface ResourcePolicies {
  readonly accountId: string;
  /** Its registry, of a repository and of a registry itself. */
  readonly registry?: RegistryKey;
  readonly tags: readonly ResourceTag[];
  /** A repository's policy, or a role's trust policy. */
  readonly own?: CompiledPolicies;
  readonly mustAllow: NonNullable<PolicySets["resourceMustAllow"]>;
  readonly chars: number;
}

/** A registry's policy. */
export interface RegistryPolicy {
  readonly policies: CompiledPolicies;
  /** Scope V2: it has a say in every action, not only in {@link V1_ACTIONS}. */
  readonly governsAll: boolean;
  readonly chars: number;
}

/** What a registry policy of scope V1 is about. Source: Amazon ECR user guide, registry permissions. */
const V1_ACTIONS: ReadonlySet<string> = new Set([
  "ecr:ReplicateImage",
  "ecr:BatchImportUpstreamImage",
  "ecr:CreateRepository",
]);

const SCOPE = "REGISTRY_POLICY_SCOPE";
const ROLE_PREFIX = "role/";

/** Reads what a resource brings into a decision. One that does not exist brings nothing: whether it does is not told. */
export async function loadResource(
  metadata: Pick<MetadataReads, "repositories" | "identities" | "access">,
  arn: string,
  report: ReportUnreadable,
): Promise<ResourcePolicies> {
  const parsed = parseArn(arn);
  const accountId = parsed?.account ?? "";
  const nothing: ResourcePolicies = { accountId, tags: [], mustAllow: false, chars: 0 };
  if (parsed?.service === "iam" && parsed.resource.startsWith(ROLE_PREFIX)) {
    return { ...nothing, mustAllow: true, ...(await loadRole(metadata, arn, report)) };
  }
  if (parsed?.service !== "ecr" || !isRegistryId(accountId)) return nothing;
  const registry: RegistryKey = { registryId: accountId, region: parsed.region };
  const name = parseRepositoryArn(arn)?.repositoryName;
  const repository = name && (await metadata.repositories.find(registry, name));
  if (repository === undefined) return { ...nothing, registry };
  return { ...nothing, registry, ...(await loadRepository(metadata, repository, { arn, report })) };
}

/** A trust policy is about assuming the role. All else that is done to a role is for its account's identity policies to say. */
export function concerning(action: string, resource: ResourcePolicies): ResourcePolicies {
  if (resource.mustAllow === false || action.startsWith("sts:")) return resource;
  const { own: _, ...others } = resource;
  return { ...others, mustAllow: false };
}

type OnResource = Pick<ResourcePolicies, "tags" | "own" | "chars">;

async function loadRepository(
  { repositories, access }: Pick<MetadataReads, "repositories" | "access">,
  { id }: RepositoryRow,
  { arn, report }: { readonly arn: string; readonly report: ReportUnreadable },
): Promise<OnResource> {
  const tags = await repositories.resourceTags(id);
  const text = await access.repositoryPolicy(id);
  if (text === undefined) return { tags, chars: 0 };
  const { policies, chars } = compileRepositoryPolicy(arn, text, report);
  return { tags, own: policies, chars };
}

/** @param arn the repository's */
export function compileRepositoryPolicy(arn: string, text: string, report: ReportUnreadable): Compiled {
  const stored = { name: `repository policy of ${arn}`, text, kind: "resource", resourceElement: "forbidden" } as const;
  return compileStored([stored], report);
}

async function loadRole(
  { identities }: Pick<MetadataReads, "identities">,
  arn: string,
  report: ReportUnreadable,
): Promise<OnResource> {
  const role = await identities.find(arn);
  const tags = role?.tags ?? [];
  if (role?.trustPolicy === undefined) return { tags, chars: 0 };
  const stored = { name: `trust policy of ${arn}`, text: role.trustPolicy, kind: "trust" } as const;
  const { policies, chars } = compileStored([stored], report);
  return { tags, own: policies, chars };
}

export async function loadRegistryPolicy(
  { access, settings }: Pick<MetadataReads, "access" | "settings">,
  key: RegistryKey,
  report: ReportUnreadable,
): Promise<RegistryPolicy | undefined> {
  const text = await access.registryPolicy(key);
  if (text === undefined) return undefined;
  const name = `registry policy of ${key.registryId} in ${key.region}`;
  const stored = { name, text, kind: "resource", resourceElement: "required" } as const;
  const governsAll = (await settings.find(key, SCOPE)) !== "V1";
  return { ...compileStored([stored], report), governsAll };
}

export function governs({ governsAll }: RegistryPolicy, action: string): boolean {
  return governsAll || V1_ACTIONS.has(action);
}
