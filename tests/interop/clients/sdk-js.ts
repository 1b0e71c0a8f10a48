import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  type ECRClient,
  GetAuthorizationTokenCommand,
  ListTagsForResourceCommand,
  paginateDescribeImages,
  paginateListImages,
  PutImageCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-ecr";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { makeImage, makeIndex } from "../images.ts";
import { type Context, type Scenario } from "../scenario.ts";
import { checkMutability } from "./sdk-js-mutability.ts";
import { checkDownload, checkUploadErrors, pushImage, refused, uploadLayer } from "./sdk-js-layers.ts";

const MEBIBYTE = 1024 * 1024;

export const sdkJs: Scenario = {
  name: "sdk-js",
  tools: [],
  version: sdkVersion(),
  async run(context) {
    const { ecr } = context.registry;
    const repositoryName = context.repository("app");
    const image = makeImage({ layerSizesBytes: [12 * MEBIBYTE, 50_000] });
    const index = makeIndex();

    await context.step("login", () => checkToken(context));
    await context.step("create and describe repositories", () => checkRepositories(context));
    await context.step("upload layers in parts", async () => {
      const [layer] = image.layers;
      assert.ok(layer);
      const digests = { repositoryName, layerDigests: [layer.digest] };
      const before = await ecr.send(new BatchCheckLayerAvailabilityCommand(digests));
      assert.equal(before.layers?.[0]?.layerAvailability, "UNAVAILABLE");
      await uploadLayer(ecr, repositoryName, layer);
      const after = await ecr.send(new BatchCheckLayerAvailabilityCommand(digests));
      assert.equal(after.layers?.[0]?.layerAvailability, "AVAILABLE");
      assert.equal(after.layers?.[0]?.layerSize, layer.size);
    });
    await context.step("errors of layer uploads", () => checkUploadErrors(ecr, repositoryName));
    await context.step("push image and index", () => push(context, { repositoryName, image, index }));
    await context.step("list with pages", () => list(ecr, repositoryName, image));
    await context.step("get images", () => get(ecr, repositoryName, image));
    await context.step("download a layer", () => checkDownload(ecr, repositoryName, image));
    await context.step("resource tags", () => checkTags(ecr, repositoryName));
    await context.step("tag mutability and its exclusion filters", () => checkMutability(context));
    await context.step("delete images", () => deleteImages(context, { repositoryName, image, index }));
    await context.step("delete the repository", async () => {
      await refused(
        ecr.send(new DeleteRepositoryCommand({ repositoryName })),
        "RepositoryNotEmptyException",
        /still contains images/,
      );
      await ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
      const describe = new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] });
      const text = /^The repository with name 'interop\/sdk-js\/app' does not exist in the registry with id '\d{12}'$/;
      await refused(ecr.send(describe), "RepositoryNotFoundException", text);
    });
    await context.step("wrong keys", async () => {
      const { accessKeyId, secretAccessKey } = context.registry.account;
      const wrongSecret = context.registry.client({ accessKeyId, secretAccessKey: `${secretAccessKey}x` });
      await refused(wrongSecret.send(new DescribeRepositoriesCommand({})), "InvalidSignatureException");
      const stranger = context.registry.client({ accessKeyId: "AKIAUNKNOWNUNKNOWN00", secretAccessKey });
      await refused(stranger.send(new DescribeRepositoriesCommand({})), "UnrecognizedClientException");
    });
  },
};

interface Pushed {
  readonly repositoryName: string;
  readonly image: ReturnType<typeof makeImage>;
  readonly index: ReturnType<typeof makeIndex>;
}

async function checkToken({ registry }: Context): Promise<void> {
  const { authorizationData } = await registry.ecr.send(new GetAuthorizationTokenCommand({}));
  assert.equal(authorizationData?.length, 1);
  const [entry] = authorizationData;
  assert.ok(entry?.authorizationToken && entry.expiresAt && entry.proxyEndpoint);
  assert.match(entry.authorizationToken, /^[A-Za-z0-9]+={0,2}$/);
  assert.equal(new URL(entry.proxyEndpoint).host, registry.host);
  const hours = (entry.expiresAt.getTime() - Date.now()) / 3_600_000;
  assert.ok(hours > 11.9 && hours < 12.1, `the token lives ${hours} hours`);
  const ask = async (basic: string): Promise<number> =>
    (await fetch(`${registry.origin}/v2/`, { headers: { authorization: `Basic ${basic}` } })).status;
  assert.equal(await ask(entry.authorizationToken), 200);
  assert.equal(await ask(Buffer.from("AWS:wrong").toString("base64")), 401);
}

async function checkRepositories(context: Context): Promise<void> {
  const { ecr } = context.registry;
  const repositoryName = context.repository("app");
  const create = new CreateRepositoryCommand({ repositoryName, tags: [{ Key: "team", Value: "interop" }] });
  const { repository } = await ecr.send(create);
  assert.deepEqual(Object.keys(repository ?? {}).toSorted(), [
    "createdAt",
    "encryptionConfiguration",
    "imageScanningConfiguration",
    "imageTagMutability",
    "registryId",
    "repositoryArn",
    "repositoryName",
    "repositoryUri",
  ]);
  assert.equal(repository?.repositoryUri, `${context.registry.host}/${repositoryName}`);
  await refused(
    ecr.send(create),
    "RepositoryAlreadyExistsException",
    /already exists in the registry with id '\d{12}'/,
  );
  const badName = new CreateRepositoryCommand({ repositoryName: "Not/A/Name" });
  await refused(ecr.send(badName), "InvalidParameterException", /Invalid parameter at 'repositoryName'/);
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
  assert.deepEqual(repositories, [repository]);
}

async function push(context: Context, { repositoryName, image, index }: Pushed): Promise<void> {
  const { ecr } = context.registry;
  const manifest = (source: { readonly bytes: Uint8Array }): string => Buffer.from(source.bytes).toString();
  const put = { repositoryName, imageManifest: manifest(image.manifest) };
  await refused(ecr.send(new PutImageCommand({ ...put, imageTag: "v1" })), "LayersNotFoundException");
  await pushImage(ecr, repositoryName, image, "v1");
  await refused(ecr.send(new PutImageCommand({ ...put, imageTag: "v1" })), "ImageAlreadyExistsException");
  for (const imageTag of ["v1.0", "v1.0.0", "stable"]) await ecr.send(new PutImageCommand({ ...put, imageTag }));
  const wrong = new PutImageCommand({ ...put, imageTag: "wrong", imageDigest: index.manifest.digest });
  await refused(ecr.send(wrong), "ImageDigestDoesNotMatchException");
  const putIndex = new PutImageCommand({ repositoryName, imageManifest: manifest(index.manifest), imageTag: "multi" });
  await refused(ecr.send(putIndex), "ReferencedImagesNotFoundException");
  for (const child of index.images) await pushImage(ecr, repositoryName, child);
  const { image: stored } = await ecr.send(putIndex);
  assert.equal(stored?.imageId?.imageDigest, index.manifest.digest);
  await context.registry.expectManifest(repositoryName, "multi", index.manifest.digest);
}

async function list(ecr: ECRClient, repositoryName: string, image: Pushed["image"]): Promise<void> {
  const ids = [];
  for await (const page of paginateListImages({ client: ecr, pageSize: 2 }, { repositoryName })) {
    assert.ok((page.imageIds?.length ?? 0) <= 2);
    ids.push(...(page.imageIds ?? []));
  }
  const tags = ids.flatMap(({ imageTag }) => imageTag ?? []);
  assert.deepEqual(tags.toSorted(), ["multi", "stable", "v1", "v1.0", "v1.0.0"]);
  assert.equal(ids.length, 7); // two children of the index have no tag
  const details = [];
  for await (const page of paginateDescribeImages({ client: ecr, pageSize: 1 }, { repositoryName })) {
    details.push(...(page.imageDetails ?? []));
  }
  assert.equal(details.length, 4);
  const detail = details.find(({ imageDigest }) => imageDigest === image.manifest.digest);
  assert.equal(detail?.imageTags?.length, 4);
  const sizeBytes = [image.config, ...image.layers].reduce((total, { size }) => total + size, 0);
  assert.equal(detail.imageSizeInBytes, sizeBytes);
  assert.equal(detail.imageManifestMediaType, image.manifest.mediaType);
}

async function get(ecr: ECRClient, repositoryName: string, image: Pushed["image"]): Promise<void> {
  const imageIds = [{ imageTag: "v1" }, { imageTag: "nothing" }];
  const { images, failures } = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
  assert.equal(images?.length, 1);
  assert.equal(images[0]?.imageManifest, Buffer.from(image.manifest.bytes).toString());
  assert.deepEqual(images[0]?.imageId, { imageDigest: image.manifest.digest, imageTag: "v1" });
  assert.equal(failures?.[0]?.failureCode, "ImageNotFound");
  assert.equal(failures[0]?.failureReason, "Requested image not found");
  const describe = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: "nothing" }] });
  await refused(ecr.send(describe), "ImageNotFoundException", /imageTag:'nothing'/);
}

async function checkTags(ecr: ECRClient, repositoryName: string): Promise<void> {
  const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
  const resourceArn = repositories?.[0]?.repositoryArn;
  const read = async (): Promise<Record<string, string>> => {
    const { tags } = await ecr.send(new ListTagsForResourceCommand({ resourceArn }));
    return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key, Value]));
  };
  assert.deepEqual(await read(), { team: "interop" });
  const tags = [
    { Key: "stage", Value: "test" },
    { Key: "team", Value: "other" },
  ];
  await ecr.send(new TagResourceCommand({ resourceArn, tags }));
  assert.deepEqual(await read(), { stage: "test", team: "other" });
  await ecr.send(new UntagResourceCommand({ resourceArn, tagKeys: ["team"] }));
  assert.deepEqual(await read(), { stage: "test" });
}

async function deleteImages(context: Context, { repositoryName, image, index }: Pushed): Promise<void> {
  const { ecr } = context.registry;
  const remove = (...imageIds: { imageTag?: string; imageDigest?: string }[]) =>
    ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
  const oneTag = await remove({ imageTag: "stable" }, { imageTag: "nothing" });
  assert.deepEqual(oneTag.imageIds, [{ imageDigest: image.manifest.digest, imageTag: "stable" }]);
  assert.equal(oneTag.failures?.[0]?.failureCode, "ImageNotFound");
  const child = await remove({ imageDigest: index.images[0]?.manifest.digest ?? "" });
  assert.equal(child.failures?.[0]?.failureCode, "ImageReferencedByManifestList");
  const whole = await remove({ imageDigest: image.manifest.digest });
  assert.deepEqual(whole.imageIds?.map(({ imageTag }) => imageTag).toSorted(), ["v1", "v1.0", "v1.0.0"]);
  await context.registry.expectGone(repositoryName, "v1");
}

function sdkVersion(): string {
  const file = new URL("../../../node_modules/@aws-sdk/client-ecr/package.json", import.meta.url);
  return String(JSON.parse(readFileSync(file, "utf8")).version);
}
