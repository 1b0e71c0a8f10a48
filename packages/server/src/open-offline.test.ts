import { mkdtemp, rm, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openOffline, start, type OpenedInstallation } from "./index.ts";

let folder: string;
let data: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stowage-offline-"));
  data = join(folder, "data");
});
afterEach(() => rm(folder, { recursive: true }));

const serve = (): ReturnType<typeof start> =>
  start({
    flags: { data, listen: "127.0.0.1:0", "log-level": "silent", region: "eu-west-1", account: "111111111111" },
  });

function alone(installation: OpenedInstallation): Extract<OpenedInstallation, { isRunning: false }> {
  if (installation.isRunning) throw new Error("a server runs");
  return installation;
}

describe("an installation without a server", () => {
  it("is made when that is asked for, and only then", async () => {
    await expect(openOffline({ flags: { data } })).rejects.toMatchObject({ name: "NoInstallation" });
    const made = await openOffline({ flags: { data }, create: true });
    const key = await made.credentials();
    await made.close();
    const found = await openOffline({ flags: { data } });
    expect(await found.credentials()).toEqual(key);
    await found.close();
  });

  it("serves the administration's operations in process", async () => {
    const { admin, close } = alone(await openOffline({ flags: { data }, create: true }));
    const made = await admin("CreateAccessKey", {});
    await admin("UpdateAccessKey", { accessKeyId: made.accessKeyId, status: "Inactive" });
    const { accessKeys } = await admin("ListAccessKeys", {});
    expect(accessKeys.map(({ status }) => status).toSorted()).toEqual(["Active", "Inactive"]);
    await admin("DeleteAccessKey", { accessKeyId: made.accessKeyId });
    expect(await admin("GetStatus", {})).toMatchObject({
      endpoint: "",
      dataDirectory: data,
      counts: { registries: 0 },
    });
    await close();
  });

  it("tells where its server would listen, if that is known", async () => {
    const endpointOf = async (listen: string): Promise<string | undefined> => {
      const installation = await openOffline({ flags: { data, listen }, create: true });
      await installation.close();
      return installation.endpoint;
    };
    expect(await endpointOf("127.0.0.1:5100")).toBe("http://localhost:5100");
    expect(await endpointOf("0.0.0.0:80")).toBe("http://localhost:80");
    expect(await endpointOf("[::]:80")).toBe("http://localhost:80");
    expect(await endpointOf("127.0.0.1:0")).toBeUndefined();
  });

  it("keeps a server out while it is open", async () => {
    const installation = await openOffline({ flags: { data }, create: true });
    let isClosed = false;
    const server = serve().then(async (running) => {
      expect(isClosed).toBe(true);
      await running.close();
    });
    isClosed = true;
    await installation.close();
    await server;
  });
});

describe("beside a server", () => {
  it("tells what runs, and its key", async () => {
    const server = await serve();
    const installation = await openOffline({ flags: { data, region: "other" } });
    expect(installation).toMatchObject({
      isRunning: true,
      endpoint: server.endpoint.replace("127.0.0.1", "localhost"),
      region: "eu-west-1",
      account: "111111111111",
      dataDirectory: data,
    });
    expect(await installation.credentials()).toEqual({
      accessKeyId: (await server.credentials()).accessKeyId,
      secretAccessKey: (await server.credentials()).secretAccessKey,
    });
    await installation.close();
    await server.close();
  });

  it("makes no master key where the server has it from its environment", async () => {
    const server = await serve();
    await unlink(join(data, "keys", "master.key"));
    const installation = await openOffline({ flags: { data } });
    await expect(installation.credentials()).rejects.toMatchObject({ name: "ConfigError" });
    await server.close();
  });
});
