import { describe, expect, it } from "vitest";
import type { ToolResult } from "./call.ts";
import { HANDSHAKE_VERSIONS, MAX_BATCH, Session, type Served } from "./session.ts";
import { toolsOf } from "./tools.ts";

const META = "io.modelcontextprotocol/";
const done: ToolResult = { content: [{ type: "text", text: "{}" }], structuredContent: {} };

function session(call: Served["call"] = () => Promise.resolve(done)): {
  readonly it: Session;
  readonly logged: string[];
} {
  const logged: string[] = [];
  const served = { tools: toolsOf(false), absentHint: "Hint.", instructions: "Text.", version: "1.2.3", call };
  return { it: new Session({ ...served, log: (text) => logged.push(text) }), logged };
}

function request(method: string, params: object = {}, id: string | number = 1): object {
  return { jsonrpc: "2.0", id, method, params };
}

function stateless(version: unknown = "2026-07-28", capabilities: unknown = {}): object {
  return { _meta: { [`${META}protocolVersion`]: version, [`${META}clientCapabilities`]: capabilities } };
}

async function opened(call?: Served["call"], protocolVersion = "2025-11-25"): Promise<Session> {
  const { it: opening } = session(call);
  await opening.answer(request("initialize", { protocolVersion }));
  return opening;
}

function failure(code: number, id: string | number | null = 1): object {
  return { jsonrpc: "2.0", id, error: expect.objectContaining({ code }) };
}

describe("the handshake", () => {
  it.each(HANDSHAKE_VERSIONS)("agrees on %s when that is asked for", async (protocolVersion) => {
    const { it: opening } = session();
    expect(await opening.answer(request("initialize", { protocolVersion }))).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result: {
        protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "stowage", version: "1.2.3" },
        instructions: "Text.",
      },
    });
  });

  it.each(["1999-01-01", "2026-07-28", "constructor", ""])("offers the newest where %j is asked for", async (asked) => {
    const { it: opening } = session();
    const reply = await opening.answer(request("initialize", { protocolVersion: asked }));
    expect(reply).toMatchObject({ result: { protocolVersion: "2025-11-25" } });
  });

  it("needs a version", async () => {
    expect(await session().it.answer(request("initialize"))).toEqual(failure(-32602));
  });

  it("comes before all but a ping", async () => {
    const { it: opening } = session();
    expect(await opening.answer(request("tools/list"))).toEqual(failure(-32602));
    expect(await opening.answer(request("ping"))).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
    await opening.answer(request("initialize", { protocolVersion: "2025-06-18" }));
    expect(await opening.answer({ jsonrpc: "2.0", method: "notifications/initialized" })).toBeUndefined();
    expect(await opening.answer(request("tools/list"))).toMatchObject({ result: { tools: { length: 25 } } });
  });
});

describe("a request that says its version", () => {
  it("is answered without a handshake", async () => {
    const { it: fresh } = session();
    const identity = { [`${META}serverInfo`]: { name: "stowage", version: "1.2.3" } };
    expect(await fresh.answer(request("server/discover", stateless()))).toMatchObject({
      result: { resultType: "complete", supportedVersions: ["2026-07-28"], ttlMs: 3_600_000, _meta: identity },
    });
    expect(await fresh.answer(request("tools/list", stateless()))).toMatchObject({
      result: { resultType: "complete", tools: { length: 25 }, cacheScope: "public", _meta: identity },
    });
    const call = { name: "DescribeImages", arguments: {}, ...stateless() };
    expect(await fresh.answer(request("tools/call", call))).toMatchObject({
      result: { resultType: "complete", ...done, _meta: identity },
    });
    expect(await fresh.answer(request("ping", stateless()))).toEqual(failure(-32601));
  });

  it.each(["1900-01-01", "2025-11-25", "2026-07-29"])("is refused when that is %s", async (version) => {
    const reply = await session().it.answer(request("tools/list", stateless(version)));
    const data = { supported: ["2026-07-28"], requested: version };
    expect(reply).toMatchObject({ error: { code: -32022, data } });
  });

  it.each([
    ["no version", stateless(null)],
    ["a version that is no text", stateless(1)],
    ["no capabilities", stateless("2026-07-28", null)],
    ["capabilities that are none", stateless("2026-07-28", [])],
    ["metadata that are none", { _meta: "x" }],
  ])("is malformed with %s", async (_, params) => {
    expect(await session().it.answer(request("tools/list", params))).toEqual(failure(-32602));
  });
});

describe("messages", () => {
  it.each([
    ["null", null, null],
    ["a number", 1, null],
    ["a batch", [request("ping")], null],
    ["another JSON-RPC", { jsonrpc: "1.0", id: 1, method: "ping" }, 1],
    ["no JSON-RPC", { id: "a", method: "ping" }, "a"],
    ["no method", { jsonrpc: "2.0", id: 1 }, 1],
    ["a method that is no text", { jsonrpc: "2.0", id: 1, method: 1 }, 1],
    ["params in a list", { jsonrpc: "2.0", id: 1, method: "ping", params: [] }, 1],
    ["params of null", { jsonrpc: "2.0", id: 1, method: "ping", params: null }, 1],
    ["an id of null", { jsonrpc: "2.0", id: null, method: "ping" }, null],
    ["an id that is an object", { jsonrpc: "2.0", id: {}, method: "ping" }, null],
  ])("that are %s are refused", async (_, message, id) => {
    expect(await (await opened()).answer(message)).toEqual(failure(-32600, id));
  });

  it.each(["resources/list", "logging/setLevel", "constructor", "", "x".repeat(10_000)])(
    "with an unknown method are refused, without repeating much of it: %.20s",
    async (method) => {
      const reply = await (await opened()).answer(request(method));
      expect(reply).toEqual(failure(-32601));
      expect(JSON.stringify(reply).length).toBeLessThan(300);
    },
  );

  it("with an unknown method are refused with its first 100 characters", async () => {
    const told = async (length: number): Promise<unknown> => {
      const reply = await (await opened()).answer(request("x".repeat(length)));
      return reply !== undefined && "error" in reply ? reply.error.message : reply;
    };
    expect(await told(100)).toBe(`There is no method ${"x".repeat(100)}`);
    expect(await told(101)).toBe(await told(100));
  });

  it("that ask nothing get no answer", async () => {
    const open = await opened();
    expect(await open.answer({ jsonrpc: "2.0", method: "notifications/whatever" })).toBeUndefined();
    expect(await open.answer({ jsonrpc: "2.0", id: 1, result: {} })).toBeUndefined();
    expect(await open.answer({ jsonrpc: "2.0", id: 1, error: { code: 1, message: "" } })).toBeUndefined();
  });

  it("come in batches in the one revision that has them", async () => {
    const open = await opened(undefined, "2025-03-26");
    const notification = { jsonrpc: "2.0", method: "notifications/initialized" };
    const reply = await open.answer([request("ping", {}, "a"), notification, 5, request("ping", {}, "b")]);
    expect(reply).toEqual([
      { jsonrpc: "2.0", id: "a", result: {} },
      failure(-32600, null),
      { jsonrpc: "2.0", id: "b", result: {} },
    ]);
    expect(await open.answer([notification])).toBeUndefined();
    expect(await open.answer([])).toEqual(failure(-32600, null));
    const many = (count: number): object[] => Array.from({ length: count }, (_, id) => request("ping", {}, id));
    expect(await open.answer(many(MAX_BATCH))).toHaveLength(MAX_BATCH);
    expect(await open.answer(many(MAX_BATCH + 1))).toEqual(failure(-32600, null));
  });
});

describe("calls", () => {
  it("reach the tool with their arguments, none being an empty object", async () => {
    const calls: unknown[] = [];
    const open = await opened((...[operation, input]) => {
      calls.push([operation, input]);
      return Promise.resolve(done);
    });
    const input = { repositoryName: "app" };
    expect(await open.answer(request("tools/call", { name: "ListImages", arguments: input }))).toMatchObject({
      result: done,
    });
    await open.answer(request("tools/call", { name: "DescribeRegistry" }));
    expect(calls).toEqual([
      ["ListImages", input],
      ["DescribeRegistry", {}],
    ]);
  });

  it.each(["DeleteRepository", "GetAuthorizationToken", "listImages", "__proto__", "toString", "", undefined, 5, {}])(
    "of a tool that is not offered are refused: %j",
    async (name) => {
      const open = await opened(() => Promise.reject(new Error("must not be called")));
      expect(await open.answer(request("tools/call", { name, arguments: {} }))).toEqual(failure(-32602));
    },
  );

  it.each([null, [], "x", 1])("with arguments that are no object are refused: %j", async (input) => {
    const open = await opened(() => Promise.reject(new Error("must not be called")));
    expect(await open.answer(request("tools/call", { name: "ListImages", arguments: input }))).toEqual(failure(-32602));
  });

  it("are cancelled by their id, and not answered then", async () => {
    let ended = (): void => undefined;
    const open = await opened(
      (_, __, signal) =>
        new Promise((resolve) => {
          ended = () => resolve(done);
          signal.addEventListener("abort", () => resolve(done));
        }),
    );
    const call = open.answer(request("tools/call", { name: "ListImages" }, 7));
    const cancel = (requestId: unknown): Promise<unknown> =>
      open.answer({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId } });
    for (const other of ["7", 8, null, {}]) await cancel(other);
    expect(await open.answer(request("ping", {}, 7))).toEqual(failure(-32600, 7));
    await cancel(7);
    expect(await call).toBeUndefined();
    const next = open.answer(request("tools/call", { name: "ListImages" }, 7));
    ended();
    expect(await next).toMatchObject({ id: 7, result: done });
  });

  it("that fail for a reason of ours are internal errors, whose cause is logged and not told", async () => {
    const { it: open, logged } = session(() => Promise.reject(new Error("the cause")));
    await open.answer(request("initialize", { protocolVersion: "2025-11-25" }));
    const reply = await open.answer(request("tools/call", { name: "ListImages" }));
    expect(reply).toEqual({ jsonrpc: "2.0", id: 1, error: { code: -32603, message: "Internal error" } });
    expect(logged).toEqual(["tools/call: the cause"]);
  });
});
