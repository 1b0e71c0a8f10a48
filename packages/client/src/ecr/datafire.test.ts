import { ecrTable } from "@stowage/model";
import { expect, it } from "vitest";
import { refusal, stage } from "../testing/staged.ts";
import type { Turn } from "../testing/staged.ts";
import { createDataFire } from "./datafire.ts";

const account = { accessKeyId: "AKID", secretAccessKey: "secret", region: "eu-west-1" };

function open(turns: readonly Turn[]) {
  const { platform, sent } = stage(turns);
  return { ecr: createDataFire(account, platform), sent };
}

it("has a method for each operation", () => {
  expect(Object.keys(open([{}]).ecr)).toEqual(Object.keys(ecrTable.operations));
});

it("answers plain JSON, times as texts", async () => {
  const { ecr } = open([{ body: { repositories: [{ repositoryName: "app", createdAt: 1_448_875_853.241 }] } }]);
  expect(await ecr.DescribeRepositories({})).toEqual({
    repositories: [{ repositoryName: "app", createdAt: "2015-11-30T09:30:53.241Z" }],
  });
});

it("takes the account of the context before its own", async () => {
  const { ecr, sent } = open([{}]);
  await ecr.DescribeRegistry();
  await ecr.DescribeRegistry({}, { accounts: { amazonaws_ecr: { ...account, accessKeyId: "OTHER" } } });
  await ecr.DescribeRegistry({}, { accounts: {} });
  const keys = sent.map(({ headers }) => /Credential=(\w+)/.exec(headers["authorization"] ?? "")?.[1]);
  expect(keys).toEqual(["AKID", "OTHER", "AKID"]);
});

it("throws errors with the code, status and request id that callers of old look at", async () => {
  const { ecr } = open([{ ...refusal("RepositoryNotFoundException"), headers: { "x-amzn-requestid": "r-1" } }]);
  await expect(ecr.ListImages({ repositoryName: "app" })).rejects.toMatchObject({
    code: "RepositoryNotFoundException",
    statusCode: 400,
    requestId: "r-1",
    message: "told",
  });
});

it.each(["text", new TextEncoder().encode("text")])("takes bytes as text or as bytes", async (layerPartBlob) => {
  const { ecr, sent } = open([{}]);
  const input = { repositoryName: "app", uploadId: "u", partFirstByte: 0, partLastByte: 3, layerPartBlob };
  await ecr.UploadLayerPart(input);
  expect(JSON.parse(new TextDecoder().decode(sent[0]?.body))).toMatchObject({ layerPartBlob: "dGV4dA==" });
});
