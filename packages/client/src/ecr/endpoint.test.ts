import { describe, expect, it } from "vitest";
import { resolveEndpoint } from "./endpoint.ts";
import { ConfigurationError } from "./failures.ts";

describe("the endpoint of a region", () => {
  it.each([
    [{ region: "eu-west-1" }, "api.ecr.eu-west-1.amazonaws.com"],
    [{ region: "eu-west-1", useDualstackEndpoint: true }, "ecr.eu-west-1.api.aws"],
    [{ region: "us-east-1", useFipsEndpoint: true }, "api.ecr-fips.us-east-1.amazonaws.com"],
    [{ region: "us-east-1", useFipsEndpoint: true, useDualstackEndpoint: true }, "ecr-fips.us-east-1.api.aws"],
    [{ region: "cn-north-1" }, "api.ecr.cn-north-1.amazonaws.com.cn"],
    [{ region: "cn-north-1", useDualstackEndpoint: true }, "ecr.cn-north-1.api.amazonwebservices.com.cn"],
    [{ region: "eusc-de-east-1" }, "api.ecr.eusc-de-east-1.amazonaws.eu"],
  ])("of %j is %s", (choice, host) => {
    expect(resolveEndpoint(choice)).toEqual({ url: `https://${host}/`, host, path: "/" });
  });

  it.each(["", "eu west", "-a", "a/b", "evil.example#", "x".repeat(64)])("refuses a region named %j", (region) => {
    expect(() => resolveEndpoint({ region })).toThrow(ConfigurationError);
  });
});

describe("an endpoint of one's own", () => {
  it.each([
    ["http://127.0.0.1:5100", "http://127.0.0.1:5100/"],
    ["https://registry.example/", "https://registry.example/"],
    ["https://example.com/ecr", "https://example.com/ecr/"],
    ["http://[::1]:5100", "http://[::1]:5100/"],
  ])("may be %s", (endpoint, url) => {
    expect(resolveEndpoint({ region: "local", endpoint }).url).toBe(url);
  });

  it.each(["127.0.0.1:5100", "ftp://x", "http://u:p@x", "http://x/?a=b", "http://x/#a", ""])(
    "is not %j",
    (endpoint) => {
      expect(() => resolveEndpoint({ region: "local", endpoint })).toThrow(ConfigurationError);
    },
  );

  it("has no variants, as on AWS's side", () => {
    const own = { region: "us-east-1", endpoint: "http://x" };
    expect(() => resolveEndpoint({ ...own, useFipsEndpoint: true })).toThrow("FIPS");
    expect(() => resolveEndpoint({ ...own, useDualstackEndpoint: true })).toThrow("dual-stack");
  });
});
