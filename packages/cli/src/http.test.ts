import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { nodeHttp } from "./http.ts";

const server = createServer((request, response) => {
  response.end(Buffer.alloc(Number(request.url?.slice(1))));
});
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.close());

it("an answer is read up to 16 MiB, and refused when it is one byte longer", async () => {
  const { port } = server.address() as AddressInfo;
  const answerOf = async (sizeBytes: number): Promise<number> => {
    const url = `http://127.0.0.1:${port}/${sizeBytes}`;
    return (await nodeHttp.send({ method: "GET", url, headers: {}, body: new Uint8Array(0) })).body.length;
  };
  const most = 16 * 1024 * 1024;
  expect(await answerOf(most)).toBe(most);
  await expect(answerOf(most + 1)).rejects.toThrow(`the answer is over ${most} bytes`);
});
