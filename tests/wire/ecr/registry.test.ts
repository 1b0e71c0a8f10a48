import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, refused } from "./raw.ts";
import { clientOf, invalid, isLocal, openService, refusal, type Service } from "./service.ts";

let service: Service;
beforeAll(async () => void (service = await openService()));
afterAll(() => service.close());

const HOURS_12_MS = 12 * 3_600_000;

describe("GetAuthorizationToken (C5)", () => {
  it.each([
    ["a text as registries", { registryIds: "123456789012" }],
    ["a number as registry", { registryIds: [123456789012] }],
  ])("serialization: %s is refused (C1)", async (_, input) => {
    expect(await refused(call(service, "GetAuthorizationToken", input))).toMatchObject({
      name: "SerializationException",
    });
  });

  it.each([
    [
      "a registry that is none (C2)",
      { registryIds: ["abc"] },
      invalid(
        "registryIds",
        "Member must satisfy constraint: [Member must satisfy regular expression pattern: [0-9]{12}]",
      ),
    ],
    [
      "no registries in the list (A4)",
      { registryIds: [] },
      invalid("registryIds", "Member must have length greater than or equal to 1"),
    ],
    [
      "eleven registries (A4)",
      { registryIds: Array.from({ length: 11 }, () => "123456789012") },
      invalid("registryIds", "Member must have length less than or equal to 10"),
    ],
  ])("validation: %s", async (_, input, expected) => {
    expect(await refused(call(service, "GetAuthorizationToken", input))).toMatchObject(expected);
  });

  it("gives one entry, good for 12 hours, for user AWS", async () => {
    const before = Date.now();
    const { authorizationData } = await service.ecr.getAuthorizationToken({});
    expect(authorizationData).toHaveLength(1);
    const [{ authorizationToken, expiresAt, proxyEndpoint }] = authorizationData as [
      { authorizationToken: string; expiresAt: Date; proxyEndpoint: string },
    ];
    const [user, ...password] = Buffer.from(authorizationToken, "base64").toString().split(":");
    expect(user).toBe("AWS");
    expect(password).toHaveLength(1);
    expect(Math.abs(expiresAt.getTime() - before - HOURS_12_MS)).toBeLessThan(60_000);
    expect(proxyEndpoint).toMatch(/^https?:\/\/[^/]+$/);
  });

  it("has padded base64 that either alphabet decodes, whatever the account", async () => {
    for (let number = 0; number < 50; number += 1) {
      const registryIds = [String(number * 7919).padStart(12, "0")];
      const { authorizationData } = await service.ecr.getAuthorizationToken({ registryIds });
      expect(authorizationData?.[0]?.authorizationToken).toMatch(
        /^(?:[A-Za-z0-9]{4})*(?:[A-Za-z0-9]{2}==|[A-Za-z0-9]{3}=)?$/,
      );
    }
  });

  it("gives an entry for each registry that is asked for, in that order", async () => {
    const registryIds = ["222222222222", "111111111111"];
    const { authorizationData } = await service.ecr.getAuthorizationToken({ registryIds });
    expect(new Set(authorizationData?.map(({ authorizationToken }) => authorizationToken)).size).toBe(2);
  });

  it.runIf(isLocal)(
    "names the endpoint by the host that was asked, with the listener's scheme (design 5)",
    async () => {
      const { authorizationData } = await service.ecr.getAuthorizationToken({});
      expect(authorizationData?.[0]?.proxyEndpoint).toBe(service.endpoint);
    },
  );

  it("is taken by /v2/", async () => {
    const { authorizationData } = await service.ecr.getAuthorizationToken({});
    const [{ authorizationToken, proxyEndpoint }] = authorizationData as [
      { authorizationToken: string; proxyEndpoint: string },
    ];
    const headers = { authorization: `Basic ${authorizationToken}` };
    expect((await fetch(`${proxyEndpoint}/v2/`, { headers })).status).toBe(200);
    expect((await fetch(`${proxyEndpoint}/v2/`)).status).toBe(401);
  });
});

describe("DescribeRegistry", () => {
  it("answers the account and no replication rules (C16)", async () => {
    const { json } = await call(service, "DescribeRegistry", {});
    expect(json).toEqual({ registryId: service.caller.accountId, replicationConfiguration: { rules: [] } });
  });

  it.runIf(isLocal)("answers each account for itself", async () => {
    const stranger = clientOf(service.endpoint, service.stranger!);
    expect((await stranger.describeRegistry({})).registryId).toBe(service.stranger!.accountId);
  });
});

describe("GetAccountSetting, PutAccountSetting (C17)", () => {
  it.each([
    ["GetAccountSetting", { name: 1 }],
    ["PutAccountSetting", { name: "BLOB_MOUNTING", value: true }],
  ])("serialization: %s %j is refused (C1)", async (operation, input) => {
    expect(await refused(call(service, operation, input))).toMatchObject({ name: "SerializationException" });
  });

  it.each([
    ["GetAccountSetting", {}, invalid("name", "Member must not be null")],
    ["GetAccountSetting", { name: "" }, invalid("name", "Member must have length greater than or equal to 1")],
    [
      "GetAccountSetting",
      { name: "N".repeat(65) },
      invalid("name", "Member must have length less than or equal to 64"),
    ],
    ["PutAccountSetting", { name: "BLOB_MOUNTING" }, invalid("value", "Member must not be null")],
    ["GetAccountSetting", { name: "NO_SUCH" }, { name: "InvalidParameterException" }],
    ["GetAccountSetting", { name: "__proto__" }, { name: "InvalidParameterException" }],
    ["GetAccountSetting", { name: "constructor" }, { name: "InvalidParameterException" }],
    ["PutAccountSetting", { name: "BLOB_MOUNTING", value: "enabled" }, { name: "InvalidParameterException" }],
    ["PutAccountSetting", { name: "NO_SUCH", value: "V2" }, { name: "InvalidParameterException" }],
  ])("validation: %s %j", async (operation, input, expected) => {
    expect(await refused(call(service, operation, input))).toMatchObject(expected);
  });

  it.runIf(isLocal).each([
    ["BASIC_SCAN_TYPE_VERSION", "AWS_NATIVE"],
    ["REGISTRY_POLICY_SCOPE", "V2"],
    ["BLOB_MOUNTING", "DISABLED"],
  ])("%s is %s until it is put", async (name, value) => {
    expect((await call(service, "GetAccountSetting", { name })).json).toEqual({ name, value });
  });

  it.runIf(isLocal).each([
    ["BLOB_MOUNTING", "ENABLED"],
    ["BLOB_MOUNTING", "DISABLED"],
    ["REGISTRY_POLICY_SCOPE", "V1"],
    ["REGISTRY_POLICY_SCOPE", "V2"],
    ["BASIC_SCAN_TYPE_VERSION", "CLAIR"],
    ["BASIC_SCAN_TYPE_VERSION", "AWS_NATIVE"],
  ])("%s can be put to %s, which is answered and kept", async (name, value) => {
    expect((await call(service, "PutAccountSetting", { name, value })).json).toEqual({ name, value });
    expect((await call(service, "GetAccountSetting", { name })).json).toEqual({ name, value });
  });

  it.runIf(isLocal)("settings are an account's own, in one region", async () => {
    const own = await openService();
    await own.ecr.putAccountSetting({ name: "BLOB_MOUNTING", value: "ENABLED" });
    const elsewhere = [own.stranger!, { ...own.caller, region: "ap-south-1" }].map((caller) =>
      clientOf(own.endpoint, caller),
    );
    for (const ecr of elsewhere)
      expect((await ecr.getAccountSetting({ name: "BLOB_MOUNTING" })).value).toBe("DISABLED");
    await own.close();
  });
});

describe("registryId", () => {
  it("of the caller is the same as none", async () => {
    const repositoryName = await service.repository();
    const registryId = service.caller.accountId;
    expect(
      (await service.ecr.describeRepositories({ registryId, repositoryNames: [repositoryName] })).repositories,
    ).toHaveLength(1);
  });

  it.each(["", "12345678901", "1234567890123", "abcdefghijkl"])("%j is refused (A4)", async (registryId) => {
    expect((await refusal(service.ecr.describeRepositories({ registryId }))).name).toBe("InvalidParameterException");
  });
});
