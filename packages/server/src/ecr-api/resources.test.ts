import { describe, expect, it } from "vitest";
import { isRegistryId, type RegistryId } from "@stowage/model";
import { parseResourceArn, targetOf } from "./resources.ts";

function account(text: string): RegistryId {
  if (!isRegistryId(text)) throw new TypeError(text);
  return text;
}

const own = { registryId: account("111111111111"), region: "eu-west-1" };
const other = "222222222222";
const arn = "arn:aws:ecr:eu-west-1:111111111111:repository/";

describe("what a request is about", () => {
  it.each([
    ["a repository", "ListImages", { repositoryName: "a/b" }, [`${arn}a/b`]],
    ["several, each once", "DescribeRepositories", { repositoryNames: ["a", "b", "a"] }, [`${arn}a`, `${arn}b`]],
    ["all of them", "DescribeRepositories", {}, [`${arn}*`]],
    ["a tagged resource", "TagResource", { resourceArn: `${arn}app` }, [`${arn}app`]],
    ["the caller's registry", "DescribeRegistry", {}, ["*"]],
    ["the caller's registry, named", "DescribePullThroughCacheRules", { registryId: "111111111111" }, ["*"]],
    ["tokens for other registries", "GetAuthorizationToken", { registryIds: [other] }, ["*"]],
  ])("%s", (_, operation, input, resources) =>
    expect(targetOf(operation, input, own)).toEqual({ registry: own, resources }),
  );

  it("another account's registry, which `*` does not stand for", () => {
    const registry = { registryId: other, region: "eu-west-1" };
    const resource = `arn:aws:ecr:eu-west-1:${other}:`;
    expect(targetOf("DescribePullThroughCacheRules", { registryId: other }, own)).toEqual({
      registry,
      resources: [`${resource}*`],
    });
    expect(targetOf("ListImages", { registryId: other, repositoryName: "app" }, own)).toEqual({
      registry,
      resources: [`${resource}repository/app`],
    });
    expect(targetOf("TagResource", { resourceArn: `${resource}repository/app` }, own).registry).toEqual(registry);
  });

  it("the partition follows from the region", () => {
    const { resources } = targetOf("ListImages", { repositoryName: "app" }, { ...own, region: "cn-north-1" });
    expect(resources).toEqual(["arn:aws-cn:ecr:cn-north-1:111111111111:repository/app"]);
  });

  it.each([
    ["another service", "arn:aws:s3:::bucket"],
    ["another region", "arn:aws:ecr:us-east-1:111111111111:repository/app"],
    ["another partition", "arn:aws-cn:ecr:eu-west-1:111111111111:repository/app"],
    ["no repository", "arn:aws:ecr:eu-west-1:111111111111:registry/app"],
    ["a malformed name", `${arn}App`],
    ["a wildcard", `${arn}*`],
    ["no ARN", "app"],
    ["nothing", ""],
  ])("an ARN of %s is refused", (_, text) => {
    expect(() => parseResourceArn(text, "eu-west-1")).toThrow(
      "Invalid parameter at 'resourceArn' failed to satisfy constraint: 'Invalid ARN'",
    );
  });
});
