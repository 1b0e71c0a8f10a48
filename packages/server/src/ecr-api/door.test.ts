import { openTestRegistry } from "@stowage/testkit";
import { describe, expect, it } from "vitest";
import { createAddresses } from "../auth/addresses.ts";
import { createTokens } from "../auth/tokens.ts";
import { BodyTimeout, ClientGone } from "../transport/errors.ts";
import type { Reply, Request } from "../transport/types.ts";
import { ecrDoor } from "./door.ts";

/** Asks a door whose callers cannot be told apart, because `failure` is thrown instead. */
async function failing(failure: unknown): Promise<{ readonly reply: Reply; readonly told: readonly unknown[] }> {
  const { registry, clock, close } = await openTestRegistry();
  const told: unknown[] = [];
  const door = ecrDoor({
    registry,
    signed: { recognise: () => Promise.resolve(), authenticate: () => Promise.reject(failure) },
    tokens: createTokens({ key: new Uint8Array(32), clock }),
    addresses: createAddresses("local"),
    layerUrls: { sign: () => "" },
    onFailure: (error, requestId) => told.push([error, requestId]),
  });
  try {
    return { reply: await door(REQUEST), told };
  } finally {
    await close();
  }
}

const REQUEST: Request = {
  id: "the-request",
  method: "POST",
  target: "/",
  headers: { "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.DescribeRegistry" },
  contentLength: 0,
  body: (async function* (): AsyncGenerator<Uint8Array> {})(),
  peer: { address: "127.0.0.1", port: 1, secure: false },
  signal: new AbortController().signal,
};

describe("a failure that no caller can have caused", () => {
  it("is a ServerException without particulars, and told to the owner", async () => {
    const failure = new Error("the disk at /secret/path is gone");
    const { reply, told } = await failing(failure);
    expect(reply.status).toBe(500);
    expect(reply.headers?.["x-amzn-errortype"]).toBe("ServerException");
    expect(reply.body).toBe('{"__type":"ServerException","message":"The server failed to answer this request"}');
    expect(told).toEqual([[failure, "the-request"]]);
  });
});

describe("what the transport answers itself", () => {
  it.each([new ClientGone(), new BodyTimeout(1)])("%s is left to it", async (failure) => {
    await expect(failing(failure)).rejects.toBe(failure);
  });
});
