import { describe, expect, it } from "vitest";
import { replyOf } from "../testing/memory-registry.ts";
import { bytesOf, errorOf } from "./reply.ts";

const refusal = (message: string, pad = ""): string => JSON.stringify({ errors: [{ code: "DENIED", message }], pad });

describe("an answer", () => {
  it("may have as many bytes as its reader says, and not one more", async () => {
    expect(await bytesOf(replyOf({ body: "1234" }), 4)).toHaveLength(4);
    await expect(bytesOf(replyOf({ body: "12345" }), 4)).rejects.toThrow("The answer is over 4 bytes");
  });
});

describe("a refusal", () => {
  it("is read up to 64 KiB, and told by its status when it is longer", async () => {
    const longest = refusal("no", "x".repeat(64 * 1024 - refusal("no").length));
    expect(longest).toHaveLength(64 * 1024);
    const read = await errorOf(replyOf({ status: 403, body: longest }), "GET /v2/");
    expect([read.code, read.message]).toEqual(["DENIED", "GET /v2/: DENIED: no"]);
    const over = await errorOf(replyOf({ status: 403, body: `${longest} ` }), "GET /v2/");
    expect([over.code, over.status, over.message]).toEqual(["", 403, "GET /v2/: status 403"]);
  });

  it("is told with its first 2000 characters", async () => {
    const told = async (message: string): Promise<string> =>
      (await errorOf(replyOf({ status: 400, body: refusal(message) }), "PUT")).message;
    const longest = "x".repeat(2000 - "DENIED: ".length);
    expect(await told(longest)).toBe(`PUT: DENIED: ${longest}`);
    expect(await told(`${longest}y`)).toBe(`PUT: DENIED: ${longest}`);
  });
});
