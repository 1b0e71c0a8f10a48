import * as sdk from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { resolveEndpoint } from "../../packages/client/src/ecr/endpoint.ts";
import * as client from "../../packages/client/src/node/index.ts";

const credentials = { accessKeyId: "a", secretAccessKey: "b" };
const exported = (module: object, pattern: RegExp): string[] =>
  Object.keys(module).flatMap((name) => pattern.exec(name)?.[1] ?? []);

describe("what the AWS SDK for JavaScript offers", () => {
  const ecr = new client.EcrClient({ region: "eu-west-1", ...credentials });
  const members = new Map<string, unknown>(Object.entries(ecr));
  const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

  it("has every operation here as method and as export, under both names", () => {
    const commands = exported(sdk, /^(\w+)Command$/);
    expect(commands).toHaveLength(62);
    for (const name of commands) {
      const method = name.charAt(0).toLowerCase() + name.slice(1);
      expect(members.get(method)).toBeTypeOf("function");
      expect(members.get(name)).toBe(members.get(method));
      expect(client).toHaveProperty(method);
    }
  });

  it("has every paginator here", () => {
    const theirs = exported(sdk, /^paginate(\w+)$/).toSorted();
    expect(Object.keys(ecr.paginate).map(capital).toSorted()).toEqual(theirs);
    expect(exported(client, /^paginate(\w+)$/).toSorted()).toEqual(theirs);
  });

  it("has every waiter here", () => {
    const theirs = exported(sdk, /^waitUntil(\w+)$/).toSorted();
    expect(Object.keys(ecr.waitUntil).map(capital).toSorted()).toEqual(theirs);
    expect(exported(client, /^waitUntil(\w+)$/).toSorted()).toEqual(theirs);
  });

  it("has every exception here", () => {
    const theirs = exported(sdk, /^(\w+Exception)$/).filter((name) => name !== "ECRServiceException");
    expect(theirs).toHaveLength(50);
    for (const name of theirs) expect(client).toHaveProperty(name);
  });
});

describe("the endpoint", () => {
  const { endpointProvider } = new sdk.ECR({ region: "eu-west-1", credentials }).config;
  const regions = [
    "us-east-1",
    "eu-central-2",
    "ap-southeast-7",
    "mx-central-1",
    "us-gov-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eusc-de-east-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "eu-isoe-west-1",
    "us-isof-south-1",
    "xx-unheard-9",
  ];
  const cases = regions.flatMap((region) =>
    [false, true].flatMap((useFipsEndpoint) =>
      [false, true].map((useDualstackEndpoint) => ({ region, useFipsEndpoint, useDualstackEndpoint })),
    ),
  );

  it.each(cases)("of %j is the AWS SDK's", (choice) => {
    const { url } = endpointProvider(
      { Region: choice.region, UseFIPS: choice.useFipsEndpoint, UseDualStack: choice.useDualstackEndpoint },
      {},
    );
    expect(resolveEndpoint(choice).host).toBe(url.host);
    expect(url.protocol).toBe("https:");
  });
});
