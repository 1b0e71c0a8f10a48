import { describe, expect, it } from "vitest";
import { MAX_ARN_LENGTH, parseArn, parseRepositoryArn, repositoryArn } from "./arns.ts";
import { apiHost, MAX_HOST_LENGTH, parseHost, registryHost } from "./hosts.ts";
import { partitionOf, partitions } from "./partitions.ts";
import { isRegistryId } from "./registry-id.ts";

const registryId = "123456789012";

describe("the host of a registry", () => {
  it.each([
    ["123456789012.dkr.ecr.us-east-1.amazonaws.com", "us-east-1", "amazonaws.com", false, false],
    ["123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1", "amazonaws.com", true, false],
    ["123456789012.dkr-ecr.us-west-2.on.aws", "us-west-2", "on.aws", false, true],
    ["123456789012.dkr-ecr-fips.us-west-2.on.aws", "us-west-2", "on.aws", true, true],
    ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1", "amazonaws.com.cn", false, false],
    [
      "123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn",
      "cn-north-1",
      "on.amazonwebservices.com.cn",
      false,
      true,
    ],
    ["123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "amazonaws.eu", false, false],
    [
      "123456789012.dkr-ecr.eusc-de-east-1.on.amazonwebservices.eu",
      "eusc-de-east-1",
      "on.amazonwebservices.eu",
      false,
      true,
    ],
    ["123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "c2s.ic.gov", false, false],
    ["123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1", "sc2s.sgov.gov", false, false],
    ["123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1", "cloud.adc-e.uk", false, false],
    ["123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1", "csp.hci.ic.gov", false, false],
  ])("is read: %s", (...row) => {
    const [host, region, domain, fips, dualStack] = row;
    const expected = { plane: "registry", registryId, region, domain, fips, dualStack };
    expect(parseHost(host)).toEqual(expected);
    expect(parseHost(`${host}:443`)).toEqual(expected);
    expect(parseHost(`${host.toUpperCase()}.`)).toEqual(expected);
  });

  it("is read under the operator's domain", () => {
    const options = { customDomain: "Registry.Example.com:5100" };
    expect(parseHost("123456789012.dkr.ecr.eu-west-1.registry.example.com:5100", options)).toEqual({
      plane: "registry",
      registryId,
      region: "eu-west-1",
      domain: "registry.example.com",
      fips: false,
      dualStack: false,
    });
    expect(parseHost("api.ecr.eu-west-1.registry.example.com", options)).toMatchObject({
      plane: "api",
      region: "eu-west-1",
    });
    expect(parseHost("registry.example.com", options)).toEqual({ plane: "bare" });
    expect(parseHost("x.registry.example.com", options)).toBeUndefined();
    expect(parseHost("123456789012.dkr.ecr.eu-west-1.registry.example.com")).toBeUndefined();
  });

  it("is built as it is read", () => {
    for (const region of [
      "us-east-1",
      "cn-northwest-1",
      "us-gov-east-1",
      "eusc-de-east-1",
      "us-iso-east-1",
      "us-isob-east-1",
    ]) {
      expect(parseHost(registryHost({ registryId, region }))).toMatchObject({ plane: "registry", registryId, region });
      expect(parseHost(apiHost({ region }))).toMatchObject({ plane: "api", region });
    }
    expect(registryHost({ registryId, region: "eu-west-1", domain: "example.com:5100" })).toBe(
      "123456789012.dkr.ecr.eu-west-1.example.com:5100",
    );
  });
});

describe("the host of the API", () => {
  it.each([
    ["api.ecr.us-east-1.amazonaws.com", "us-east-1", "amazonaws.com", false, false],
    ["ecr.us-east-1.amazonaws.com", "us-east-1", "amazonaws.com", false, false],
    ["api.ecr-fips.us-east-1.amazonaws.com", "us-east-1", "amazonaws.com", true, false],
    ["ecr-fips.us-east-1.amazonaws.com", "us-east-1", "amazonaws.com", true, false],
    ["ecr.us-east-1.api.aws", "us-east-1", "api.aws", false, true],
    ["ecr-fips.us-east-1.api.aws", "us-east-1", "api.aws", true, true],
    ["api.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1", "amazonaws.com.cn", false, false],
    ["ecr.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1", "api.amazonwebservices.com.cn", false, true],
    ["api.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "amazonaws.eu", false, false],
  ])("is read: %s", (...row) => {
    const [host, region, domain, fips, dualStack] = row;
    expect(parseHost(host)).toEqual({ plane: "api", region, domain, fips, dualStack });
  });
});

describe("any other host", () => {
  it.each([
    "",
    "localhost",
    "localhost:5100",
    "127.0.0.1:5100",
    "[::1]:5100",
    "amazonaws.com",
    "s3.us-east-1.amazonaws.com",
    "12345678901.dkr.ecr.us-east-1.amazonaws.com",
    "1234567890123.dkr.ecr.us-east-1.amazonaws.com",
    "x123456789012.dkr.ecr.us-east-1.amazonaws.com",
    "123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.example",
    "123456789012.dkr.ecr.us-east-1.evilamazonaws.com",
    "123456789012.dkr.ecr..amazonaws.com",
    "123456789012.dkr.ecr.us_east_1.amazonaws.com",
    "123456789012.dkrxecr.us-east-1.amazonaws.com",
    "123456789012.dkr.ecr.us-east-1.amazonaws.com:443:443",
    "123456789012.dkr.ecr.us-east-1.amazonaws.com/",
    "123456789012.dkr.ecr.us-east-1.amazonaws.com\n",
    "user@123456789012.dkr.ecr.us-east-1.amazonaws.com",
    "api.ecr.us-east-1.on.aws",
    "123456789012.dkr.ecr.us-east-1.api.aws",
  ])("is none of ours: %j", (host) => {
    expect(parseHost(host)).toBeUndefined();
  });

  it("is measured before it is read", () => {
    const head = "123456789012.dkr.ecr.us-east-1.";
    const domain = "d".repeat(MAX_HOST_LENGTH - head.length);
    expect(parseHost(head + domain, { customDomain: domain })).toMatchObject({ plane: "registry" });
    expect(parseHost(`${head}${domain}dddddd:1`, { customDomain: `${domain}dddddd` })).toBeUndefined();
    expect(parseHost(`${"a.".repeat(500_000)}amazonaws.com`)).toBeUndefined();
  });
});

describe("partitions", () => {
  it.each([
    ["us-east-1", "aws"],
    ["eu-central-1", "aws"],
    ["us-gov-west-1", "aws-us-gov"],
    ["cn-north-1", "aws-cn"],
    ["eusc-de-east-1", "aws-eusc"],
    ["us-iso-east-1", "aws-iso"],
    ["us-isob-east-1", "aws-iso-b"],
    ["eu-isoe-west-1", "aws-iso-e"],
    ["us-isof-south-1", "aws-iso-f"],
    ["home", "aws"],
  ])("own regions: %s", (region, id) => {
    expect(partitionOf(region).id).toBe(id);
  });

  it("are each named once", () => {
    expect(new Set(partitions.map(({ id }) => id)).size).toBe(partitions.length);
  });
});

describe("an ARN", () => {
  const arn = "arn:aws:ecr:us-east-1:123456789012:repository/team/app";

  it("of a repository is built and read", () => {
    const parts = { region: "us-east-1", registryId, repositoryName: "team/app" };
    expect(repositoryArn(parts)).toBe(arn);
    expect(parseRepositoryArn(arn)).toEqual({ partition: "aws", ...parts });
    expect(repositoryArn({ ...parts, region: "cn-north-1" })).toMatch(/^arn:aws-cn:ecr:cn-north-1:/);
    expect(repositoryArn({ ...parts, partition: "aws-us-gov" })).toMatch(/^arn:aws-us-gov:/);
  });

  it.each([
    "",
    "arn",
    "arn:aws:s3:us-east-1:123456789012:repository/app",
    "arn:aws:ecr::123456789012:repository/app",
    "arn:aws:ecr:us-east-1:12:repository/app",
    "arn:aws:ecr:us-east-1:123456789012:repository/",
    "arn:aws:ecr:us-east-1:123456789012:repository/App",
    "arn:aws:ecr:us-east-1:123456789012:app",
    "arn:gcp:ecr:us-east-1:123456789012:repository/app",
    "urn:aws:ecr:us-east-1:123456789012:repository/app",
    "arn:aws:ecr:us-east-1:123456789012:repository/app:tag",
  ])("is not that of a repository: %j", (text) => {
    expect(parseRepositoryArn(text)).toBeUndefined();
  });

  it("keeps colons and slashes of its resource and allows an empty region and account", () => {
    expect(parseArn("arn:aws:iam::123456789012:role/a:b/c")).toEqual({
      partition: "aws",
      service: "iam",
      region: "",
      account: registryId,
      resource: "role/a:b/c",
    });
    expect(parseArn("arn:aws:s3:::bucket")?.resource).toBe("bucket");
  });

  it("is taken to its limit and not one past it", () => {
    const longest = `arn:aws:s3:::${"b".repeat(MAX_ARN_LENGTH - "arn:aws:s3:::".length)}`;
    expect(parseArn(longest)?.service).toBe("s3");
    expect(parseArn(`${longest}b`)).toBeUndefined();
  });
});

describe("a registry id", () => {
  it("is twelve digits", () => {
    expect(isRegistryId(registryId)).toBe(true);
    expect(isRegistryId("000000000000")).toBe(true);
    for (const text of [
      "",
      "12345678901",
      "1234567890123",
      "12345678901x",
      "１２３４５６７８９０１２",
      `${registryId}\n`,
    ]) {
      expect(isRegistryId(text)).toBe(false);
    }
  });
});
