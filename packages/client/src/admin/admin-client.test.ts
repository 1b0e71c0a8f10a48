import { createHash, createHmac } from "node:crypto";
import { parseAuthorization, verify } from "@stowage/sigv4";
import { describe, expect, it } from "vitest";
import { AdminClient } from "./admin-client.ts";
import type { Http, HttpReply, HttpRequest } from "../http.ts";

const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" };
const hasher = {
  sha256: (data: Uint8Array | string) => createHash("sha256").update(data).digest(),
  hmacSha256: (key: Uint8Array, data: Uint8Array | string) => createHmac("sha256", key).update(data).digest(),
};
const date = new Date("2026-11-21T12:00:00Z");

/** A client whose requests are kept, and answered alike. */
function client(status: number, body: string, endpoint = "http://127.0.0.1:5100"): [AdminClient, HttpRequest[]] {
  const requests: HttpRequest[] = [];
  const http: Http = {
    send: (request): Promise<HttpReply> => {
      requests.push(request);
      return Promise.resolve({ status, headers: {}, body: new TextEncoder().encode(body) });
    },
  };
  return [new AdminClient({ endpoint, region: "eu-west-1", credentials, http, hasher, now: () => date }), requests];
}

describe("a call of the administration door", () => {
  it.each(["http://127.0.0.1:5100", "https://registry.example.com/"])(
    "goes to its operation, signed for the host of %s",
    async (endpoint) => {
      const [admin, requests] = client(200, "{}", endpoint);
      await admin.updateAccessKey({ accessKeyId: "AKIAEXAMPLEKEY000", status: "Inactive" });
      const [request] = requests;
      expect(request).toMatchObject({
        method: "POST",
        url: endpoint.replace(/\/?$/, "/"),
        headers: {
          host: new URL(endpoint).host,
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "Stowage_V1.UpdateAccessKey",
        },
      });
      const { headers = {}, body = new Uint8Array() } = request ?? {};
      expect(JSON.parse(new TextDecoder().decode(body))).toEqual({
        accessKeyId: "AKIAEXAMPLEKEY000",
        status: "Inactive",
      });
      const parsed = parseAuthorization(headers, "/");
      const verdict =
        parsed.ok &&
        verify(
          parsed.claim,
          { method: "POST", target: "/", headers },
          {
            now: date,
            expectedServices: ["stowage"],
            secretAccessKey: credentials.secretAccessKey,
            payloadHash: createHash("sha256").update(body).digest("hex"),
            hasher,
          },
        );
      expect(verdict).toEqual({ ok: true });
    },
  );

  it("answers typed values", async () => {
    const keys = { accessKeys: [{ accessKeyId: "AKIAEXAMPLE", status: "Active", createdAt: 1_795_262_400 }] };
    const [admin] = client(200, JSON.stringify(keys));
    expect(await admin.listAccessKeys()).toEqual({
      accessKeys: [{ accessKeyId: "AKIAEXAMPLE", status: "Active", createdAt: date }],
    });
  });

  it("throws the error that the door names", async () => {
    const [admin] = client(400, '{"__type":"AccessKeyNotFoundException","message":"gone"}');
    await expect(admin.deleteAccessKey({ accessKeyId: "AKIAEXAMPLEKEY000" })).rejects.toMatchObject({
      name: "AccessKeyNotFoundException",
      message: "gone",
    });
  });

  it("throws when something else answers", async () => {
    const [admin] = client(502, "<html>Bad Gateway</html>");
    await expect(admin.getStatus()).rejects.toMatchObject({ fault: "server" });
  });

  it.each(["localhost:5100", "ftp://x", "http://", "http://h/path", "http://user@h"])(
    "is not made to %s",
    (endpoint) => {
      expect(() => client(200, "", endpoint)).toThrow(TypeError);
    },
  );
});
