import { parseAuthorization, verify } from "@stowage/sigv4";
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { stage } from "../testing/staged.ts";

it("signs a call that anyone may send, named either way, and sends nothing", async () => {
  const { client, sent, platform } = stage([{}], { sessionToken: "session" });
  const presigned = await client.presign("listImages", { repositoryName: "app" }, { expiresSeconds: 60 });
  expect(await client.presign("ListImages", { repositoryName: "app" }, { expiresSeconds: 60 })).toEqual(presigned);
  expect(sent).toEqual([]);
  expect(presigned.body).toBe('{"repositoryName":"app"}');
  const url = new URL(presigned.url);
  expect(url.searchParams.get("X-Amz-Expires")).toBe("60");
  const headers = { ...presigned.headers, host: url.host };
  const request = { method: presigned.method, target: `${url.pathname}${url.search}`, headers };
  const parsed = parseAuthorization(headers, request.target);
  if (!parsed.ok) throw new Error(parsed.message);
  const verdict = verify(parsed.claim, request, {
    now: platform.clock.now(),
    expectedServices: ["ecr"],
    secretAccessKey: "secret",
    sessionToken: "session",
    payloadHash: createHash("sha256").update(presigned.body).digest("hex"),
    hasher: platform.hasher,
  });
  expect(verdict).toEqual({ ok: true });
});

it.each([0, 604_801, 1.5])("refuses a life of %d seconds", async (expiresSeconds) => {
  const { client } = stage([{}]);
  await expect(client.presign("describeRegistry", {}, { expiresSeconds })).rejects.toThrow(RangeError);
});

it.each([1, 604_800])("takes a life of %d seconds", async (expiresSeconds) => {
  const { client } = stage([{}]);
  const { url } = await client.presign("describeRegistry", {}, { expiresSeconds });
  expect(url).toContain(`X-Amz-Expires=${expiresSeconds}&`);
});
