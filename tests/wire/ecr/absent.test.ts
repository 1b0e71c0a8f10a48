import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestOf, pushImage } from "./fixtures.ts";
import { call, refused } from "./raw.ts";
import { isLocal, noRepository, openService, type Service } from "./service.ts";

/**
 * Operations whose part of ECR this version does not have. What they read is answered as ECR answers where nothing of the
 * kind was ever stored; what they would store is refused in words.
 */
let service: Service;
let repositoryName: string;
let imageDigest: string;

beforeAll(async () => {
  service = await openService();
  repositoryName = await service.repository();
  ({ digest: imageDigest } = await pushImage(service, repositoryName, { tags: ["v1"] }));
});
afterAll(() => service.close());

const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 1 },
      action: { type: "expire" },
    },
  ],
});
const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ecr-pullthroughcache/hub";
const BACKFILL = "01234567-89ab-cdef-0123-456789abcdef";
const PRINCIPAL = "arn:aws:iam::123456789012:role/puller";
const image = { imageId: { imageTag: "v1" } };

describe.runIf(isLocal)("absent", () => {
  const of = (text: string) => text.replaceAll("NAME", repositoryName).replaceAll("ACCOUNT", service.caller.accountId);

  it.each<readonly [string, object, string, string]>([
    [
      "GetLifecyclePolicy",
      {},
      "LifecyclePolicyNotFoundException",
      "Lifecycle policy does not exist for the repository with name 'NAME' in the registry with id 'ACCOUNT'",
    ],
    [
      "DeleteLifecyclePolicy",
      {},
      "LifecyclePolicyNotFoundException",
      "Lifecycle policy does not exist for the repository with name 'NAME' in the registry with id 'ACCOUNT'",
    ],
    [
      "StartLifecyclePolicyPreview",
      {},
      "LifecyclePolicyNotFoundException",
      "Lifecycle policy does not exist for the repository with name 'NAME' in the registry with id 'ACCOUNT'",
    ],
    [
      "DescribeImageScanFindings",
      image,
      "ScanNotFoundException",
      "Image scan does not exist for the image with '{imageDigest:'null', imageTag:'v1'}' in the repository with name 'NAME' in the registry with id 'ACCOUNT'",
    ],
  ])("%s says what ECR says (C3, moto)", async (operation, input, name, message) => {
    expect(await refused(call(service, operation, { repositoryName, ...input }))).toEqual({
      status: 400,
      name,
      message: of(message),
    });
  });

  it.each<readonly [string, object, string]>([
    ["GetLifecyclePolicyPreview", {}, "LifecyclePolicyPreviewNotFoundException"],
    ["PutLifecyclePolicy", { lifecyclePolicyText: LIFECYCLE }, "InvalidParameterException"],
    ["StartLifecyclePolicyPreview", { lifecyclePolicyText: LIFECYCLE }, "InvalidParameterException"],
  ])("%s %j: %s, after the repository was looked for (C3)", async (operation, input, name) => {
    expect(await refused(call(service, operation, { repositoryName, ...input }))).toMatchObject({ status: 400, name });
    const gone = service.freshName();
    expect(await refused(call(service, operation, { repositoryName: gone, ...input }))).toMatchObject(
      noRepository(service, gone),
    );
  });

  it.each<readonly [string, object]>([
    ["StartImageScan", image],
    ["DescribeImageScanFindings", image],
    ["DescribeImageReplicationStatus", image],
    ["DescribeImageSigningStatus", image],
    ["UpdateImageStorageClass", { ...image, targetStorageClass: "ARCHIVE" }],
  ])("%s looks for the repository, then for the image (C3)", async (operation, input) => {
    const gone = service.freshName();
    expect(await refused(call(service, operation, { repositoryName: gone, ...input }))).toMatchObject(
      noRepository(service, gone),
    );
    const imageId = { imageDigest: digestOf("nobody pushed this") };
    expect(await refused(call(service, operation, { repositoryName, ...input, imageId }))).toMatchObject({
      name: "ImageNotFoundException",
    });
    const empty = { repositoryName, ...input, imageId: {} };
    expect((await call(service, operation, empty)).status).toBe(400);
  });

  it.each<readonly [string, object, string]>([
    ["GetSigningConfiguration", {}, "SigningConfigurationNotFoundException"],
    ["DeleteSigningConfiguration", {}, "SigningConfigurationNotFoundException"],
    ["DeletePullThroughCacheRule", { ecrRepositoryPrefix: "hub" }, "PullThroughCacheRuleNotFoundException"],
    [
      "UpdatePullThroughCacheRule",
      { ecrRepositoryPrefix: "hub", credentialArn: SECRET },
      "PullThroughCacheRuleNotFoundException",
    ],
    ["ValidatePullThroughCacheRule", { ecrRepositoryPrefix: "hub" }, "PullThroughCacheRuleNotFoundException"],
    ["DescribePullThroughCacheRules", { ecrRepositoryPrefixes: ["hub"] }, "PullThroughCacheRuleNotFoundException"],
    ["UpdateRepositoryCreationTemplate", { prefix: "team" }, "TemplateNotFoundException"],
    ["DeleteRepositoryCreationTemplate", { prefix: "team" }, "TemplateNotFoundException"],
    ["DeregisterPullTimeUpdateExclusion", { principalArn: PRINCIPAL }, "ExclusionNotFoundException"],
    ["StopReplicationBackfill", { replicationBackfillId: BACKFILL }, "ReplicationBackfillNotFoundException"],
    ["DescribeReplicationBackfillResults", { replicationBackfillId: BACKFILL }, "ReplicationBackfillNotFoundException"],
  ])("%s %j: %s (A3)", async (operation, input, name) => {
    expect(await refused(call(service, operation, input))).toMatchObject({ status: 400, name });
  });

  it.each<readonly [string, object, object]>([
    ["DescribePullThroughCacheRules", {}, { pullThroughCacheRules: [] }],
    ["DescribeRepositoryCreationTemplates", {}, { registryId: "123456789012", repositoryCreationTemplates: [] }],
    [
      "DescribeRepositoryCreationTemplates",
      { prefixes: ["team"] },
      { registryId: "123456789012", repositoryCreationTemplates: [] },
    ],
    ["ListPullTimeUpdateExclusions", {}, { pullTimeUpdateExclusions: [] }],
    ["ListReplicationBackfills", {}, { registryId: "123456789012", backfills: [] }],
    [
      "GetRegistryScanningConfiguration",
      {},
      { registryId: "123456789012", scanningConfiguration: { scanType: "BASIC", rules: [] } },
    ],
    [
      "PutRegistryScanningConfiguration",
      { scanType: "BASIC", rules: [] },
      { registryScanningConfiguration: { scanType: "BASIC", rules: [] } },
    ],
    [
      "PutReplicationConfiguration",
      { replicationConfiguration: { rules: [] } },
      { replicationConfiguration: { rules: [] } },
    ],
  ])("%s %j answers what is so (C15, C16, C18)", async (operation, input, output) => {
    const { status, json } = await call(service, operation, input);
    expect({ status, json }).toEqual({ status: 200, json: output });
  });

  it("BatchGetRepositoryScanningConfiguration: nothing scans, and who is not there is a failure (C3, C15)", async () => {
    const gone = service.freshName();
    const { json } = await call(service, "BatchGetRepositoryScanningConfiguration", {
      repositoryNames: [repositoryName, gone],
    });
    const repositoryArn = `arn:aws:ecr:${service.caller.region}:${service.caller.accountId}:repository/${repositoryName}`;
    expect(json).toEqual({
      scanningConfigurations: [
        { repositoryArn, repositoryName, scanOnPush: false, scanFrequency: "MANUAL", appliedScanFilters: [] },
      ],
      failures: [{ repositoryName: gone, failureCode: "REPOSITORY_NOT_FOUND", failureReason: "REPOSITORY_NOT_FOUND" }],
    });
  });

  it("DescribeImageReplicationStatus, DescribeImageSigningStatus: nothing was replicated or signed", async () => {
    const imageId = { imageDigest };
    const replicated = await call(service, "DescribeImageReplicationStatus", { repositoryName, imageId });
    expect(replicated.json).toEqual({ repositoryName, imageId, replicationStatuses: [] });
    const signed = await call(service, "DescribeImageSigningStatus", { repositoryName, imageId });
    expect(signed.json).toEqual({ repositoryName, imageId, registryId: service.caller.accountId, signingStatuses: [] });
  });

  it.each<readonly [string, () => object, string]>([
    ["PutLifecyclePolicy", () => ({ repositoryName, lifecyclePolicyText: LIFECYCLE }), "InvalidParameterException"],
    [
      "StartLifecyclePolicyPreview",
      () => ({ repositoryName, lifecyclePolicyText: LIFECYCLE }),
      "InvalidParameterException",
    ],
    ["StartImageScan", () => ({ repositoryName, ...image }), "ValidationException"],
    ["PutRegistryScanningConfiguration", () => ({ scanType: "ENHANCED", rules: [] }), "InvalidParameterException"],
    [
      "PutReplicationConfiguration",
      () => ({
        replicationConfiguration: { rules: [{ destinations: [{ region: "us-east-1", registryId: "123456789012" }] }] },
      }),
      "InvalidParameterException",
    ],
    [
      "StartReplicationBackfill",
      () => ({ destination: { region: "us-east-1", registryId: "123456789012" } }),
      "InvalidParameterException",
    ],
    [
      "CreatePullThroughCacheRule",
      () => ({ ecrRepositoryPrefix: "hub", upstreamRegistryUrl: "public.ecr.aws" }),
      "InvalidParameterException",
    ],
    [
      "CreateRepositoryCreationTemplate",
      () => ({ prefix: "team", appliedFor: ["REPLICATION"] }),
      "InvalidParameterException",
    ],
    ["PutSigningConfiguration", () => ({ signingConfiguration: { rules: [] } }), "InvalidParameterException"],
    ["RegisterPullTimeUpdateExclusion", () => ({ principalArn: PRINCIPAL }), "InvalidParameterException"],
    [
      "UpdateImageStorageClass",
      () => ({ repositoryName, ...image, targetStorageClass: "ARCHIVE" }),
      "ImageStorageClassUpdateNotSupportedException",
    ],
  ])("%s stores nothing and says so (design 1.4)", async (operation, input, name) => {
    expect(await refused(call(service, operation, input()))).toEqual({
      status: 400,
      name,
      message: `${operation} is not available in this version of Stowage; nothing was stored`,
    });
  });

  it.each([
    ["PutLifecyclePolicy", { lifecyclePolicyText: "short" }, "Member must have length greater than or equal to 100"],
    [
      "UpdateImageStorageClass",
      { ...image, targetStorageClass: "COLD" },
      "Member must satisfy enum value set: [STANDARD, ARCHIVE]",
    ],
  ])("%s looks at its input first (C2)", async (operation, input, constraint) => {
    const { name, message } = await refused(
      call(service, operation, { repositoryName: service.freshName(), ...input }),
    );
    expect(name).toBe("InvalidParameterException");
    expect(message).toContain(constraint);
  });

  it.each([
    ["DescribePullThroughCacheRules", {}],
    ["ListReplicationBackfills", {}],
    ["ValidatePullThroughCacheRule", { ecrRepositoryPrefix: "hub" }],
  ])("%s is not for another account to ask (C1)", async (operation, input) => {
    const registryId = service.caller.accountId;
    expect(
      await refused(call(service, operation, { ...input, registryId }, { caller: service.stranger! })),
    ).toMatchObject({ name: "AccessDeniedException" });
  });
});
