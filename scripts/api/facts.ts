import { readFileSync } from "node:fs";
import { ecrSentences } from "../../packages/model/src/ecr/table/sentences/sentences.ts";
import { ecrTable } from "../../packages/model/src/ecr/table/table.ts";
import { commonErrors } from "../../packages/model/src/ecr/errors-common.ts";
import { membersOf, shapeOf } from "../../packages/model/src/table/table.ts";
import type { Member } from "../../packages/model/src/table/table.ts";

/** Operations by what they are about, in the order in which a reader meets them. */
const RESOURCES = {
  Repositories: [
    "CreateRepository",
    "DescribeRepositories",
    "DeleteRepository",
    "PutImageTagMutability",
    "PutImageScanningConfiguration",
  ],
  "Repository policies": ["SetRepositoryPolicy", "GetRepositoryPolicy", "DeleteRepositoryPolicy"],
  "Resource tags": ["TagResource", "UntagResource", "ListTagsForResource"],
  Images: [
    "PutImage",
    "BatchGetImage",
    "DescribeImages",
    "ListImages",
    "ListImageReferrers",
    "BatchDeleteImage",
    "UpdateImageStorageClass",
  ],
  Layers: [
    "BatchCheckLayerAvailability",
    "InitiateLayerUpload",
    "UploadLayerPart",
    "CompleteLayerUpload",
    "GetDownloadUrlForLayer",
  ],
  "Lifecycle policies": [
    "PutLifecyclePolicy",
    "GetLifecyclePolicy",
    "DeleteLifecyclePolicy",
    "StartLifecyclePolicyPreview",
    "GetLifecyclePolicyPreview",
  ],
  Scanning: [
    "StartImageScan",
    "DescribeImageScanFindings",
    "PutRegistryScanningConfiguration",
    "GetRegistryScanningConfiguration",
    "BatchGetRepositoryScanningConfiguration",
  ],
  Signing: [
    "PutSigningConfiguration",
    "GetSigningConfiguration",
    "DeleteSigningConfiguration",
    "DescribeImageSigningStatus",
  ],
  Replication: [
    "PutReplicationConfiguration",
    "DescribeRegistry",
    "DescribeImageReplicationStatus",
    "StartReplicationBackfill",
    "StopReplicationBackfill",
    "ListReplicationBackfills",
    "DescribeReplicationBackfillResults",
  ],
  "Pull-through cache rules": [
    "CreatePullThroughCacheRule",
    "DescribePullThroughCacheRules",
    "UpdatePullThroughCacheRule",
    "DeletePullThroughCacheRule",
    "ValidatePullThroughCacheRule",
  ],
  "Repository creation templates": [
    "CreateRepositoryCreationTemplate",
    "DescribeRepositoryCreationTemplates",
    "UpdateRepositoryCreationTemplate",
    "DeleteRepositoryCreationTemplate",
  ],
  Registry: [
    "GetAuthorizationToken",
    "PutRegistryPolicy",
    "GetRegistryPolicy",
    "DeleteRegistryPolicy",
    "PutAccountSetting",
    "GetAccountSetting",
    "RegisterPullTimeUpdateExclusion",
    "DeregisterPullTimeUpdateExclusion",
    "ListPullTimeUpdateExclusions",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export const resources: readonly (readonly [resource: string, operations: readonly string[]])[] =
  Object.entries(RESOURCES);

const named = resources.flatMap(([, operations]) => operations);
const unplaced = Object.keys(ecrTable.operations).filter((name) => !named.includes(name));
if (unplaced.length > 0) throw new Error(`scripts/api/facts.ts has no resource for ${unplaced.join(", ")}`);

/** What every operation may answer besides its own errors, by name. */
export const commonErrorSentences: Readonly<Record<string, string>> = readCommonErrors();

function readCommonErrors(): Readonly<Record<string, string>> {
  const source = readFileSync(new URL("../../packages/model/src/ecr/errors-common.ts", import.meta.url), "utf8");
  const found = [...source.matchAll(/^\/\*\* (.+?) \*\/\nexport class (\w+) /gmu)];
  const sentences = new Map(found.map(([, sentence = "", name = ""]) => [name, sentence]));
  return Object.fromEntries(
    Object.keys(commonErrors).map((name) => {
      const sentence = sentences.get(name);
      if (sentence === undefined) throw new Error(`${name} has no sentence`);
      return [name, sentence];
    }),
  );
}

export function structureMembers(name: string): readonly Member[] {
  const shape = shapeOf(ecrTable, name);
  if (typeof shape === "string" || !("structure" in shape)) throw new Error(`${name} is no structure`);
  return membersOf(shape);
}

export function operationSentence(name: string): string {
  return ecrSentences.operations[name] ?? "";
}
