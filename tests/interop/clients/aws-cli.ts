import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { type Content, makeImage } from "../images.ts";
import { type Context, lines, type Program, type Scenario } from "../scenario.ts";
import { checkLayerUrl } from "./sdk-js-layers.ts";

const MEBIBYTE = 1024 * 1024;

export const awsCliV1: Scenario = {
  name: "aws-cli-v1",
  tools: ["aws-v1", "oras"],
  run: (context) => drive(context, { aws: awsProgram(context, "aws-v1", []), isVersion1: true }),
};

/** Debian's build is older than the endpoint variables of one service, so it gets the flag. */
export const awsCliV2: Scenario = {
  name: "aws-cli-v2",
  tools: ["aws-v2", "oras"],
  run: (context) => {
    const globals = ["--endpoint-url", context.registry.origin];
    return drive(context, { aws: awsProgram(context, "aws-v2", globals), isVersion1: false });
  },
};

interface AwsCli {
  readonly aws: Program;
  /** The only one with get-login and, against Debian's version 2, with exclusion filters. */
  readonly isVersion1: boolean;
}

function awsProgram(context: Context, tool: "aws-v1" | "aws-v2", globals: readonly string[]): Program {
  const env = { ...context.registry.account.environment, AWS_PAGER: "", AWS_EC2_METADATA_DISABLED: "true" };
  return context.program(tool, { globals: ["--output", "json", ...globals], env });
}

async function drive(context: Context, cli: AwsCli): Promise<void> {
  const { aws } = cli;
  const repository = context.repository("app");
  const on = ["--repository-name", repository];
  const image = makeImage({ layerSizesBytes: [12 * MEBIBYTE] });
  const [layer] = image.layers;
  assert.ok(layer);

  await context.step("get-caller-identity", async () => {
    const caller = await json(aws, ["sts", "get-caller-identity"]);
    assert.match(String(caller["Arn"]), /^arn:aws:(iam|sts)::\d{12}:/);
  });
  await context.step("login", () => login(context, aws));
  if (cli.isVersion1) {
    await context.step("get-login", async () => {
      const line = await aws.run(["ecr", "get-login", "--no-include-email"]);
      assert.match(line, new RegExp(`^docker login -u AWS -p \\S+ ${context.registry.origin}$`));
    });
  }
  await context.step("create and describe repositories", async () => {
    const made = await json(aws, ["ecr", "create-repository", ...on, "--tags", "Key=team,Value=interop"]);
    assert.equal(field(made, "repository", "repositoryName"), repository);
    await aws.refused(
      ["ecr", "create-repository", ...on],
      awsError("RepositoryAlreadyExistsException", "CreateRepository"),
    );
    const described = await json(aws, ["ecr", "describe-repositories", "--repository-names", repository]);
    assert.equal(field(described, "repositories", "0", "repositoryArn"), field(made, "repository", "repositoryArn"));
    const missing = ["ecr", "describe-repositories", "--repository-names", context.repository("missing")];
    await aws.refused(missing, awsError("RepositoryNotFoundException", "DescribeRepositories"));
    await aws.refused(missing, /The repository with name '[^']+' does not exist in the registry with id '\d{12}'/);
  });
  await context.step("upload layers in parts", async () => {
    for (const piece of [layer, image.config]) await upload(context, aws, { repository, piece });
    const check = ["ecr", "batch-check-layer-availability", ...on, "--layer-digests", layer.digest];
    assert.equal(field(await json(aws, check), "layers", "0", "layerAvailability"), "AVAILABLE");
  });
  const put = ["ecr", "put-image", ...on, "--image-manifest", "file://manifest.json", "--image-tag"];
  await context.step("push", async () => {
    await writeFile(context.path("manifest.json"), image.manifest.bytes);
    assert.equal(field(await json(aws, [...put, "v1"]), "image", "imageId", "imageDigest"), image.manifest.digest);
    await aws.refused([...put, "v1"], awsError("ImageAlreadyExistsException", "PutImage"));
    for (const tag of ["a", "b", "c"]) await aws.run([...put, tag]);
    await context.registry.expectManifest(repository, "v1", image.manifest.digest);
  });
  await context.step("list with pages", () => list(aws, repository));
  await context.step("get images", async () => {
    const get = ["ecr", "batch-get-image", ...on, "--image-ids", "imageTag=v1", "imageTag=nothing"];
    const answer = await json(aws, get);
    assert.equal(field(answer, "images", "0", "imageManifest"), Buffer.from(image.manifest.bytes).toString());
    assert.equal(field(answer, "failures", "0", "failureCode"), "ImageNotFound");
  });
  await context.step("download a layer", async () => {
    const url = await json(aws, ["ecr", "get-download-url-for-layer", ...on, "--layer-digest", layer.digest]);
    await checkLayerUrl(String(url["downloadUrl"]), layer);
  });
  await context.step("resource tags", () => resourceTags(aws, repository));
  await context.step("tag mutability", () => mutability(context, cli, repository));
  await context.step("delete images", async () => {
    const remove = (...ids: string[]): readonly string[] => ["ecr", "batch-delete-image", ...on, "--image-ids", ...ids];
    const one = await json(aws, remove("imageTag=a", "imageTag=nothing"));
    assert.equal(field(one, "imageIds", "0", "imageTag"), "a");
    assert.equal(field(one, "failures", "0", "failureReason"), "Requested image not found");
    await aws.run(remove(`imageDigest=${image.manifest.digest}`));
    await context.registry.expectGone(repository, "v1");
  });
  await context.step("delete the repository", async () => {
    const remove = ["ecr", "delete-repository", ...on];
    await aws.refused(remove, awsError("RepositoryNotEmptyException", "DeleteRepository"));
    await aws.run([...remove, "--force"]);
    await aws.refused(["ecr", "list-images", ...on], awsError("RepositoryNotFoundException", "ListImages"));
  });
  await context.step("wrong secret", async () => {
    const text = awsError("InvalidSignatureException", "DescribeRepositories");
    await aws.refused(["ecr", "describe-repositories"], text, { env: { AWS_SECRET_ACCESS_KEY: "wrong" } });
  });
}

/** The password goes on to a registry client, as in everybody's scripts. */
async function login(context: Context, aws: Program): Promise<void> {
  const { host } = context.registry;
  const password = await aws.run(["ecr", "get-login-password"]);
  const oras = context.program("oras");
  await oras.run(["login", "--plain-http", "-u", "AWS", "--password-stdin", host], { input: password });
  const token = await json(aws, ["ecr", "get-authorization-token"]);
  assert.equal(new URL(String(field(token, "authorizationData", "0", "proxyEndpoint"))).host, host);
}

async function upload(
  context: Context,
  aws: Program,
  { repository, piece }: { readonly repository: string; readonly piece: Content },
): Promise<void> {
  const on = ["--repository-name", repository];
  const { uploadId, partSize } = await json(aws, ["ecr", "initiate-layer-upload", ...on]);
  assert.ok(typeof uploadId === "string" && typeof partSize === "number");
  for (let at = 0; at < piece.size; at += partSize) {
    const part = piece.bytes.subarray(at, at + partSize);
    await writeFile(context.path("part"), part);
    const range = ["--part-first-byte", String(at), "--part-last-byte", String(at + part.length - 1)];
    await aws.run([
      "ecr",
      "upload-layer-part",
      ...on,
      "--upload-id",
      uploadId,
      ...range,
      "--layer-part-blob",
      "fileb://part",
    ]);
  }
  const complete = ["ecr", "complete-layer-upload", ...on, "--upload-id", uploadId, "--layer-digests", piece.digest];
  assert.equal((await json(aws, complete))["layerDigest"], piece.digest);
}

async function list(aws: Program, repository: string): Promise<void> {
  const images = ["ecr", "list-images", "--repository-name", repository];
  const tags = "imageIds[].imageTag";
  const all = lines(await aws.run([...images, "--page-size", "1", "--query", tags, "--output", "text"]));
  assert.deepEqual(all.flatMap((line) => line.split("\t")).toSorted(), ["a", "b", "c", "v1"]);
  const first = await json(aws, [...images, "--max-items", "3", "--page-size", "2"]);
  assert.equal(items(first, "imageIds").length, 3);
  const rest = await json(aws, [...images, "--starting-token", String(first["NextToken"])]);
  assert.equal(items(rest, "imageIds").length, 1);
  const details = await json(aws, ["ecr", "describe-images", "--repository-name", repository]);
  assert.equal(items(details, "imageDetails").length, 1);
}

async function resourceTags(aws: Program, repository: string): Promise<void> {
  const described = await json(aws, ["ecr", "describe-repositories", "--repository-names", repository]);
  const on = ["--resource-arn", String(field(described, "repositories", "0", "repositoryArn"))];
  await aws.run(["ecr", "tag-resource", ...on, "--tags", "Key=stage,Value=test"]);
  await aws.run(["ecr", "untag-resource", ...on, "--tag-keys", "team"]);
  const { tags } = await json(aws, ["ecr", "list-tags-for-resource", ...on]);
  assert.deepEqual(tags, [{ Key: "stage", Value: "test" }]);
}

async function mutability(context: Context, { aws, isVersion1 }: AwsCli, repository: string): Promise<void> {
  const other = makeImage({ layerSizesBytes: [1000] });
  for (const piece of [...other.layers, other.config]) await upload(context, aws, { repository, piece });
  await writeFile(context.path("other.json"), other.manifest.bytes);
  const put = [
    "ecr",
    "put-image",
    "--repository-name",
    repository,
    "--image-manifest",
    "file://other.json",
    "--image-tag",
  ];
  await aws.run([...put, "other"]);
  const set = ["ecr", "put-image-tag-mutability", "--repository-name", repository, "--image-tag-mutability"];
  await aws.run([...set, "IMMUTABLE"]);
  await aws.refused([...put, "v1"], awsError("ImageTagAlreadyExistsException", "PutImage"));
  if (isVersion1) {
    const filter = ["--image-tag-mutability-exclusion-filters", "filterType=WILDCARD,filter=b*"];
    await aws.run([...set, "IMMUTABLE_WITH_EXCLUSION", ...filter]);
    await aws.refused([...put, "c"], awsError("ImageTagAlreadyExistsException", "PutImage"));
    await aws.run([...put, "b"]);
  }
  await aws.run([...set, "MUTABLE"]);
}

async function json(aws: Program, args: readonly string[]): Promise<Record<string, unknown>> {
  return JSON.parse(await aws.run(args));
}

function items(answer: Record<string, unknown>, name: string): readonly unknown[] {
  const list = answer[name];
  assert.ok(Array.isArray(list), `${name} is no list`);
  return list;
}

/** The value at a path of member names and list positions. */
function field(answer: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => {
    assert.ok(typeof value === "object" && value !== null, `nothing at ${path.join(".")}`);
    return Reflect.get(value, name);
  }, answer);
}

function awsError(name: string, operation: string): RegExp {
  return new RegExp(`An error occurred \\(${name}\\) when calling the ${operation} operation`);
}
