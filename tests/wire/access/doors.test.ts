import { policyText, type TestStatement } from "@stowage/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RegistryClient, type Answer } from "../oci/client.ts";
import { pushBlob } from "../oci/pushing.ts";
import { arnOf, HOME, openInstallation, type Installation, type Login } from "./installation.ts";

const [APP, SOURCE] = ["team/app", "team/source"];
let installation: Installation;
let root: Login;
let digest: string;

beforeAll(async () => {
  installation = await openInstallation();
  root = await installation.login(HOME);
  for (const repositoryName of [APP, SOURCE]) await installation.api("CreateRepository", { repositoryName }, root);
  await installation.api("PutAccountSetting", { name: "BLOB_MOUNTING", value: "ENABLED" }, root);
  const client = new RegistryClient(installation.endpoint, installation.authorization(root));
  digest = await pushBlob(client, SOURCE, Buffer.from("a layer of the source"));
  await client.close();
});
afterAll(() => installation.close());

async function userWith(name: string, ...statements: readonly TestStatement[]): Promise<string> {
  const user = await installation.people.user(name, { inline: { p: policyText(...statements) } });
  return installation.authorization(await installation.login(user));
}

function statuses(...answers: readonly Answer[]): readonly number[] {
  return answers.map(({ status }) => status);
}

describe("a mount", () => {
  const mount = (token: string, target: string, from = SOURCE) =>
    installation.oci("POST", `/v2/${target}/blobs/uploads/?mount=${digest}&from=${from}`, token, { body: "" });

  it("needs the right to read the source; without it an upload begins as if there were nothing", async () => {
    const both = await userWith(
      "both",
      { Action: "ecr:InitiateLayerUpload", Resource: arnOf(APP) },
      { Action: "ecr:GetDownloadUrlForLayer", Resource: arnOf(SOURCE) },
    );
    const target = await userWith("target", { Action: "ecr:*", Resource: arnOf(APP) });
    expect(statuses(await mount(target, APP), await mount(both, APP))).toEqual([202, 201]);
    const [hidden, missing] = [await mount(target, APP), await mount(target, APP, "team/none")];
    expect(statuses(hidden, missing)).toEqual([202, 202]);
  });

  it("needs the right to push to the target, too", async () => {
    const source = await userWith("source", { Action: "ecr:*", Resource: arnOf(SOURCE) });
    expect((await mount(source, APP)).status).toBe(403);
  });
});

describe("an upload", () => {
  it("belongs to its repository and its principal", async () => {
    const everything = { Action: "ecr:*", Resource: "*" };
    const [ann, bob] = [await userWith("ann", everything), await userWith("bob", everything)];
    const begun = await installation.oci("POST", `/v2/${APP}/blobs/uploads/`, ann, { body: "" });
    const path = begun.header("location") ?? "";
    const elsewhere = path.replace(APP, SOURCE);
    const send = (method: string, at: string, by: string) =>
      installation.oci(
        method,
        `${at}${method === "PUT" ? `?digest=${digest}` : ""}`,
        by,
        method === "GET" ? {} : { body: "x" },
      );
    for (const method of ["GET", "PATCH", "PUT", "DELETE"]) {
      const answers = [await send(method, path, bob), await send(method, elsewhere, ann)];
      expect([method, ...statuses(...answers)]).toEqual([method, 404, 404]);
    }
    expect((await send("GET", path, ann)).status).toBe(204);
  });

  it("of a role's session is not another session's", async () => {
    await installation.people.role("builder", { inline: { all: policyText({ Action: "ecr:*", Resource: "*" }) } });
    const principalArn = `arn:aws:sts::${HOME}:assumed-role/builder/other`;
    const [one, other] = [await installation.assume("builder"), await installation.assume("builder", { principalArn })];
    const begun = await installation.oci("POST", `/v2/${APP}/blobs/uploads/`, installation.authorization(one), {
      body: "",
    });
    const path = begun.header("location") ?? "";
    expect((await installation.oci("GET", path, installation.authorization(other))).status).toBe(404);
    expect((await installation.oci("GET", path, installation.authorization(one))).status).toBe(204);
  });
});

describe("who may not see a repository", () => {
  it.each([
    ["GET", "manifests/latest"],
    ["HEAD", "manifests/latest"],
    ["GET", "tags/list"],
    ["HEAD", "tags/list"],
    ["GET", "referrers/sha256:0000000000000000000000000000000000000000000000000000000000000000"],
    ["HEAD", "blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000"],
  ])("%s %s is answered alike whether it is there or not", async (method, path) => {
    const name = `blind-${method}-${path.slice(0, 4)}`.toLowerCase();
    const blind = await userWith(name, { Action: "ecr:GetAuthorizationToken", Resource: "*" });
    const answerOf = async (repository: string) => {
      const answer = await installation.oci(method, `/v2/${repository}/${path}`, blind);
      const headers = ["content-type", "content-length", "docker-content-digest", "link"].map((one) =>
        answer.header(one),
      );
      return [
        answer.status,
        answer.body.toString().replaceAll(repository, "X"),
        ...headers.slice(0, 1),
        ...headers.slice(2),
      ];
    };
    expect(await answerOf(SOURCE)).toEqual(await answerOf("team/nothing"));
  });
});
