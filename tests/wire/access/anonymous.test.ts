import { policyText } from "@stowage/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorOf, RegistryClient } from "../oci/client.ts";
import { pushImage, sha256 } from "../oci/pushing.ts";
import { HOME, openInstallation, type Installation, type Login } from "./installation.ts";

const [OPEN, CLOSED] = ["public/app", "team/app"];
const LAYER = "a public layer";
const DIGEST = sha256(Buffer.from(LAYER));
const PUBLIC = policyText({
  Principal: "*",
  Action: [
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecr:ListImages",
    "ecr:ListImageReferrers",
    "ecr:PutImage",
  ],
});
const UPLOAD = "0f8fad5b-d9cb-469f-a165-70867728950e";

async function open(anonymousPull: boolean): Promise<{ installation: Installation; root: Login }> {
  const installation = await openInstallation({ anonymousPull });
  const root = await installation.login(HOME);
  const client = new RegistryClient(installation.endpoint, installation.authorization(root));
  for (const repositoryName of [OPEN, CLOSED]) {
    await installation.api("CreateRepository", { repositoryName }, root);
    await pushImage(client, repositoryName, { content: LAYER });
  }
  await client.close();
  await installation.api("SetRepositoryPolicy", { repositoryName: OPEN, policyText: PUBLIC }, root);
  return { installation, root };
}

const pulls = (name: string): readonly (readonly [string, string])[] =>
  ["GET", "HEAD"].flatMap((method) => [
    [method, `/v2/${name}/manifests/latest`],
    [method, `/v2/${name}/blobs/${DIGEST}`],
    [method, `/v2/${name}/tags/list`],
    [method, `/v2/${name}/referrers/${DIGEST}`],
  ]);
const others: readonly (readonly [string, string])[] = [
  ["GET", "/v2/"],
  ["GET", "/v2/_catalog"],
  ["PUT", `/v2/${OPEN}/manifests/latest`],
  ["DELETE", `/v2/${OPEN}/manifests/latest`],
  ["DELETE", `/v2/${OPEN}/blobs/${DIGEST}`],
  ["POST", `/v2/${OPEN}/blobs/uploads/`],
  ["GET", `/v2/${OPEN}/blobs/uploads/${UPLOAD}`],
  ["PATCH", `/v2/${OPEN}/blobs/uploads/${UPLOAD}`],
  ["PUT", `/v2/${OPEN}/blobs/uploads/${UPLOAD}?digest=${DIGEST}`],
  ["DELETE", `/v2/${OPEN}/blobs/uploads/${UPLOAD}`],
];

describe("with anonymous.pull", () => {
  let installation: Installation;
  let root: Login;

  beforeAll(async () => void ({ installation, root } = await open(true)));
  afterAll(() => installation.close());

  const send = (method: string, path: string, authorization?: string) =>
    installation.oci(method, path, authorization, method.startsWith("P") ? { body: "" } : {});

  it.each(pulls(OPEN))("anyone may %s %s", async (method, path) => {
    expect((await send(method, path)).status).toBe(200);
    expect((await send(method, path, "Basic Og==")).status).toBe(200);
    const plain = await installation.oci(method, path, undefined, { host: "localhost" });
    expect(plain.status).toBe(200);
  });

  it.each([...pulls(CLOSED), ...pulls("team/none"), ...others])(
    "nobody may %s %s without credentials",
    async (method, path) => {
      const answer = await send(method, path);
      expect(answer.status).toBe(401);
      expect(answer.header("www-authenticate")).toMatch(/^Basic realm="http:\/\/123456789012\.dkr\.ecr\.eu-west-1\./);
      expect(answer.body.toString()).toBe(method === "HEAD" ? "" : "Not Authorized\n");
    },
  );

  it("what a repository opens it may close again, and a registry's policy over it", async () => {
    const [, [method, path] = ["", ""]] = pulls(OPEN);
    const statuses: number[] = [];
    const look = async () => void statuses.push((await send(method, path)).status);
    await look();
    const deny = policyText({ Effect: "Deny", Principal: "*", Action: "ecr:GetDownloadUrlForLayer", Resource: "*" });
    await installation.api("PutRegistryPolicy", { policyText: deny }, root);
    await look();
    await installation.api("DeleteRegistryPolicy", {}, root);
    await look();
    await installation.api("DeleteRepositoryPolicy", { repositoryName: OPEN }, root);
    await look();
    await installation.api("SetRepositoryPolicy", { repositoryName: OPEN, policyText: PUBLIC }, root);
    expect(statuses).toEqual([200, 401, 200, 401]);
  });

  it("is for the public, not for bad credentials", async () => {
    const [[method, path] = ["", ""]] = pulls(OPEN);
    expect((await send(method, path, `Basic ${Buffer.from("AWS:guess").toString("base64")}`)).status).toBe(401);
  });

  it("asks for no less on the API", async () => {
    const { json } = await installation.api("ListImages", { repositoryName: OPEN });
    expect(json["__type"]).toBe("MissingAuthenticationTokenException");
  });

  it("tells the public of a missing image in an open repository as it tells others", async () => {
    const answer = await send("GET", `/v2/${OPEN}/manifests/none`);
    expect([answer.status, errorOf(answer).code]).toEqual([404, "MANIFEST_UNKNOWN"]);
  });
});

describe("without anonymous.pull", () => {
  let installation: Installation;

  beforeAll(async () => void ({ installation } = await open(false)));
  afterAll(() => installation.close());

  it.each(pulls(OPEN))("nobody may %s %s without credentials, whatever the policy", async (method, path) => {
    expect((await installation.oci(method, path)).status).toBe(401);
    expect((await installation.oci(method, path, "Basic Og==")).status).toBe(401);
  });
});
