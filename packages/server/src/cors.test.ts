import { describe, expect, it } from "vitest";
import { allowOrigins } from "./cors.ts";
import type { Reply, Request } from "./transport/transport.ts";

const PAGE = "https://console.example.com";
const plain = (): Reply => ({ status: 200, headers: { location: "/v2/x" }, body: "answer" });

function ask(method: string, target: string, headers: Record<string, string>): Request {
  const peer = { address: "127.0.0.1", port: 1, secure: false };
  const body = (async function* () {})();
  return { id: "1", method, target, headers, contentLength: 0, body, peer, signal: new AbortController().signal };
}

const answer = async (origins: readonly string[], request: Request): Promise<Reply> =>
  allowOrigins(plain, origins)(request);

describe("origins", () => {
  it("that are named may read answers and the headers that clients need", async () => {
    const { headers } = await answer([PAGE], ask("GET", "/v2/", { origin: PAGE }));
    expect(headers).toMatchObject({ location: "/v2/x", "access-control-allow-origin": PAGE, vary: "Origin" });
    expect(headers?.["access-control-expose-headers"]).toContain("Docker-Content-Digest");
    expect(headers).not.toHaveProperty("access-control-allow-credentials");
  });

  it("that are named may send what they ask to send", async () => {
    const asked = { "access-control-request-method": "PATCH", "access-control-request-headers": "authorization" };
    const reply = await answer([PAGE], ask("OPTIONS", "/v2/a/blobs/uploads/x", { origin: PAGE, ...asked }));
    expect(reply.status).toBe(204);
    expect(reply.headers).toMatchObject({ "access-control-allow-headers": "authorization" });
    expect(reply.body).toBeUndefined();
  });

  it.each([
    ["of another name", [PAGE], "https://evil.example.com", "/"],
    ["of the same name and another port", [PAGE], `${PAGE}:444`, "/"],
    ["when none is named", [], PAGE, "/"],
    ["called null", [PAGE], "null", "/"],
    ["outside of the APIs", [PAGE], PAGE, "/metrics"],
  ] as const)("%s get no header", async (_, origins, origin, target) => {
    expect((await answer(origins, ask("POST", target, { origin }))).headers).toEqual({ location: "/v2/x" });
    const preflight = ask("OPTIONS", target, { origin, "access-control-request-method": "POST" });
    expect((await answer(origins, preflight)).status).toBe(200);
  });
});
