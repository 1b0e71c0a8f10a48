import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_REPOSITORY_NAME_LENGTH } from "../oci/repository-name.ts";
import { parseRepositoryArn, repositoryArn } from "./arns.ts";
import { apiHost, parseHost, registryHost } from "./hosts.ts";
import { partitionOf } from "./partitions.ts";
import { parseRepositoryUri, repositoryUri } from "./repository-uris.ts";

const registryId = "123456789012";
const region = "eu-west-1";
const host = `${registryId}.dkr.ecr.${region}.amazonaws.com`;

const registryIds = fc.stringMatching(/^[0-9]{12}$/);
const regions = fc.constantFrom(
  "us-east-1",
  "eu-west-1",
  "cn-north-1",
  "us-gov-west-1",
  "eusc-de-east-1",
  "us-iso-east-1",
);
const names = fc.stringMatching(/^[a-z0-9]{2,8}([._-][a-z0-9]{1,8}){0,2}(\/[a-z0-9]{1,8}(__[a-z0-9]{1,4})?){0,3}$/);

describe("the URI of a repository", () => {
  it("is built under AWS's domain of the region, and under the operator's", () => {
    expect(repositoryUri({ registryId, region, repositoryName: "team/app" })).toBe(`${host}/team/app`);
    expect(repositoryUri({ registryId, region: "cn-north-1", repositoryName: "app" })).toBe(
      `${registryId}.dkr.ecr.cn-north-1.amazonaws.com.cn/app`,
    );
    expect(repositoryUri({ registryId, region, repositoryName: "app", domain: "example.com:5100" })).toBe(
      `${registryId}.dkr.ecr.${region}.example.com:5100/app`,
    );
  });

  it("is taken apart", () => {
    expect(parseRepositoryUri(`${host}/team/app`)).toEqual({
      host,
      repositoryName: "team/app",
      registry: { plane: "registry", registryId, region, domain: "amazonaws.com", fips: false, dualStack: false },
    });
  });

  it.each(["localhost", "localhost:5100", "127.0.0.1:5100", "[::1]:5100", "registry.example.com", "build-box:443"])(
    "may have a host that names no registry: %s",
    (plain) => {
      expect(parseRepositoryUri(`${plain}/app`)).toEqual({ host: plain, repositoryName: "app", registry: undefined });
    },
  );

  it("names a registry under the operator's domain only when that is told", () => {
    const uri = repositoryUri({ registryId, region, repositoryName: "app", domain: "example.com:5100" });
    expect(parseRepositoryUri(uri)?.registry).toBeUndefined();
    expect(parseRepositoryUri(uri, { customDomain: "example.com:5100" })?.registry).toMatchObject({
      registryId,
      region,
    });
    expect(parseRepositoryUri("example.com:5100/app", { customDomain: "example.com:5100" })).toMatchObject({
      registry: undefined,
    });
  });

  it.each([
    ["no name", host],
    ["an empty name", `${host}/`],
    ["a name of one character", `${host}/a`],
    ["a name that is not valid", `${host}/Team`],
    ["a tag", `${host}/app:latest`],
    ["a digest", `${host}/app@sha256:${"0".repeat(64)}`],
    ["a scheme", `https://${host}/app`],
    ["no host", "team/app"],
    ["an empty host", "/app"],
    ["a host with a user", `user@${host}/app`],
    ["a port without digits", "localhost:/app"],
    ["the host of the API", `${apiHost({ region })}/app`],
  ])("is not what has %s", (_, text) => {
    expect(parseRepositoryUri(text)).toBeUndefined();
  });

  it("may be as long as host and name may be, and no longer", () => {
    const longest = "a".repeat(MAX_REPOSITORY_NAME_LENGTH);
    expect(parseRepositoryUri(`${host}/${longest}`)?.repositoryName).toBe(longest);
    expect(parseRepositoryUri(`${host}/${longest}a`)).toBeUndefined();
    expect(parseRepositoryUri(`${"a.".repeat(200_000)}/app`)).toBeUndefined();
  });
});

describe("what is built from parts", () => {
  it("gives the same parts when it is taken apart", () => {
    fc.assert(
      fc.property(registryIds, regions, names, (id, place, repositoryName) => {
        const parts = { registryId: id, region: place, repositoryName };
        const { id: partition, domain } = partitionOf(place);
        expect(parseRepositoryArn(repositoryArn(parts))).toEqual({ ...parts, partition });
        const registry = { plane: "registry", registryId: id, region: place, domain, fips: false, dualStack: false };
        expect(parseHost(registryHost(parts))).toEqual(registry);
        expect(parseRepositoryUri(repositoryUri(parts))).toEqual({
          host: registryHost(parts),
          repositoryName,
          registry,
        });
      }),
    );
  });

  it("is built again from what it was taken apart to, whatever the text", () => {
    const texts = fc.oneof(
      fc.string(),
      names.map((name) => `${host}/${name}`),
      names.map((name) => `arn:aws:ecr:eu-west-1:${registryId}:repository/${name}`),
      names,
    );
    fc.assert(
      fc.property(texts, (text) => {
        const uri = parseRepositoryUri(text);
        const arn = parseRepositoryArn(text);
        expect(uri === undefined ? text : `${uri.host}/${uri.repositoryName}`).toBe(text);
        expect(arn === undefined ? text : repositoryArn(arn)).toBe(text);
      }),
    );
  });
});
