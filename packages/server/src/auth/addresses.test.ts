import { describe, expect, it } from "vitest";
import { createAddresses, hostOf, type UriStyle } from "./addresses.ts";
import { ACCOUNT, REGION } from "./testing/requests.ts";

const key = { registryId: ACCOUNT, region: REGION };
const aws = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
const own = `${ACCOUNT}.dkr.ecr.${REGION}.registry.example.com:8443`;
const domain: UriStyle = { domain: "registry.example.com:8443" };

describe("addresses", () => {
  it.each([
    ["local", "local", "localhost:5100/team/app", ["http://localhost:5100", "https://localhost:5100"]],
    ["aws", "aws", `${aws}/team/app`, [`https://${aws}`, `https://${aws}`]],
    ["domain", domain, `${own}/team/app`, [`https://${own}`, `https://${own}`]],
  ] as const)("in style %s", (_, style, uri, [plainEndpoint, secureEndpoint]) => {
    const addresses = createAddresses(style);
    expect(addresses.repositoryUri(key, "team/app", "localhost:5100")).toBe(uri);
    expect(addresses.proxyEndpoint(key, "localhost:5100", false)).toBe(plainEndpoint);
    expect(addresses.proxyEndpoint(key, "localhost:5100", true)).toBe(secureEndpoint);
  });

  it("in China end as AWS's do there", () => {
    const addresses = createAddresses("aws");
    const uri = addresses.repositoryUri({ registryId: ACCOUNT, region: "cn-north-1" }, "app", "localhost");
    expect(uri).toBe(`${ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn/app`);
  });

  it.each([
    ["local", "localhost:5100", false, "http://localhost:5100"],
    ["local", "localhost:5100", true, "https://localhost:5100"],
    ["local", aws, false, `http://${aws}`],
    ["aws", "localhost:5100", false, "http://localhost:5100"],
    ["aws", aws, false, `https://${aws}`],
    [domain, own, false, `https://${own}`],
    [domain, "registry.example.com:8443", false, "https://registry.example.com:8443"],
  ] as const)("layers in style %o are downloaded from the host that was asked, %s", (style, host, secure, base) => {
    expect(createAddresses(style).downloadBase(host, secure)).toBe(base);
  });

  it.each([
    [aws, { kind: "registry", registryId: ACCOUNT, region: REGION }],
    [`${aws}:443`, { kind: "registry", registryId: ACCOUNT, region: REGION }],
    [`${ACCOUNT}.dkr-ecr.${REGION}.on.aws`, { kind: "registry", registryId: ACCOUNT, region: REGION }],
    [`${ACCOUNT}.dkr.ecr-fips.${REGION}.amazonaws.com`, { kind: "registry", registryId: ACCOUNT, region: REGION }],
    [own, { kind: "registry", registryId: ACCOUNT, region: REGION }],
    [`api.ecr.${REGION}.amazonaws.com`, { kind: "api", region: REGION }],
    [`ecr.${REGION}.api.aws`, { kind: "api", region: REGION }],
    ["registry.example.com", { kind: "plain" }],
    ["localhost:5100", { kind: "plain" }],
    [`${ACCOUNT}.dkr.ecr.${REGION}.example.org`, { kind: "plain" }],
  ])("%s is told apart", (host, resolved) => {
    expect(createAddresses(domain).resolve(host)).toEqual(resolved);
  });
});

describe("the Host header", () => {
  it.each(["localhost", "localhost:5100", "[::1]:5100", "192.0.2.1", "registry.example.com", "my_host:1"])(
    "%s is repeated",
    (host) => expect(hostOf({ host })).toBe(host),
  );

  it.each([
    "",
    'a"b',
    "a b",
    "a/b",
    "user@host",
    "host:port",
    "host:123456",
    "<script>",
    "a\r\nb",
    "[::1",
    "a".repeat(254),
  ])("%j is not", (host) => expect(hostOf({ host })).toBe("localhost"));

  it("may be missing", () => {
    expect(hostOf({})).toBe("localhost");
  });
});
