import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { create } from "@stowage/client";
import { ecrCodec } from "@stowage/model";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Workplace } from "./command.ts";

const LAUNCHER = join(import.meta.dirname, "../../packages/cli/bin/stowage.js");
const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};

interface Reply {
  readonly id: unknown;
  readonly result?: Record<string, unknown> & { readonly isError?: boolean };
  readonly error?: { readonly code: number; readonly message: string };
}

interface Tool {
  readonly name: string;
  readonly inputSchema: Parameters<typeof z.fromJSONSchema>[0];
  readonly outputSchema: Parameters<typeof z.fromJSONSchema>[0];
  readonly annotations: { readonly readOnlyHint: boolean; readonly destructiveHint: boolean };
}

/** An agent's program: starts the server and speaks to it, one JSON text a line. */
class Agent implements AsyncDisposable {
  readonly child: ChildProcessWithoutNullStreams;
  readonly closed: Promise<unknown[]>;
  readonly replies: Reply[] = [];
  out = "";
  err = "";
  #id = 0;

  constructor(line: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const { PATH, HOME } = process.env;
    this.child = spawn(process.execPath, [LAUNCHER, "mcp", ...line], { env: { PATH, HOME, ...environment } });
    this.child.stderr.on("data", (chunk: Buffer) => (this.err += chunk.toString()));
    this.child.stdout.on("data", (chunk: Buffer) => (this.out += chunk.toString()));
    // A server that ended reads no more.
    this.child.stdin.on("error", () => undefined);
    createInterface({ input: this.child.stdout }).on("line", (text) => {
      if (!text.startsWith("{")) return;
      this.replies.push(JSON.parse(text) as Reply);
      this.child.emit("reply");
    });
    this.closed = once(this.child, "close");
  }

  write(text: string | Uint8Array): void {
    this.child.stdin.write(text);
  }

  async reply(id: unknown): Promise<Reply> {
    for (;;) {
      const found = this.replies.find((reply) => reply.id === id);
      if (found !== undefined) return found;
      const over = this.closed.then(() => Promise.reject(new Error(`it ended: ${this.err}`)));
      await Promise.race([once(this.child, "reply"), over]);
    }
  }

  request(method: string, params: object = {}): Promise<Reply> {
    this.#id += 1;
    this.write(`${JSON.stringify({ jsonrpc: "2.0", id: this.#id, method, params })}\n`);
    return this.reply(this.#id);
  }

  async open(): Promise<this> {
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
    await this.request("initialize", params);
    this.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    return this;
  }

  async tools(): Promise<ReadonlyMap<string, Tool>> {
    const { tools } = (await this.request("tools/list")).result as unknown as { readonly tools: readonly Tool[] };
    return new Map(tools.map((tool) => [tool.name, tool]));
  }

  call(name: string, input?: object): Promise<Reply> {
    return this.request("tools/call", { name, ...(input === undefined ? {} : { arguments: input }) });
  }

  async text(name: string, input: object): Promise<string> {
    const { content } = (await this.call(name, input)).result as { readonly content?: readonly { text: string }[] };
    return content?.[0]?.text ?? "";
  }

  async end(): Promise<unknown> {
    this.child.stdin.end();
    const [code] = await this.closed;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.closed;
  }
}

describe("stowage mcp", () => {
  it("answers a client of the newest revision with a handshake, and ends with its input", async () => {
    await using place = await Workplace.open();
    await place.serve();
    await using agent = new Agent(["--data", place.data]);
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
    expect((await agent.request("initialize", params)).result).toMatchObject({
      protocolVersion: "2025-11-25",
      capabilities: { tools: {} },
      serverInfo: { name: "stowage", version: "0.1.0" },
    });
    expect((await agent.request("ping")).result).toEqual({});
    expect((await agent.call("DescribeRepositories")).result).toEqual({
      content: [{ type: "text", text: '{"repositories":[]}' }],
      structuredContent: { repositories: [] },
    });
    expect(await agent.end()).toBe(0);
  });

  it("answers a client of the revision without a handshake", async () => {
    await using place = await Workplace.open();
    await place.serve();
    await using agent = new Agent(["--data", place.data]);
    const serverInfo = { name: "stowage", version: "0.1.0" };
    expect((await agent.request("server/discover", { _meta: META })).result).toMatchObject({
      resultType: "complete",
      supportedVersions: ["2026-07-28"],
      capabilities: { tools: {} },
      _meta: { "io.modelcontextprotocol/serverInfo": serverInfo },
    });
    const call = { name: "DescribeRepositories", arguments: {}, _meta: META };
    expect((await agent.request("tools/call", call)).result).toMatchObject({
      resultType: "complete",
      structuredContent: { repositories: [] },
      _meta: { "io.modelcontextprotocol/serverInfo": serverInfo },
    });
  });

  it("offers what reads and nothing else, unless told otherwise", async () => {
    await using place = await Workplace.open();
    await place.serve();
    await using reader = await new Agent(["--data", place.data]).open();
    const tools = await reader.tools();
    expect([...tools.keys()].filter((name) => !/^(Describe|Get|List|BatchGet|BatchCheck)/.test(name))).toEqual([]);
    expect(tools.has("GetAuthorizationToken")).toBe(false);
    expect(tools.size).toBe(25);
    for (const { annotations } of tools.values()) expect(annotations).toMatchObject({ readOnlyHint: true });
    const refused = await reader.call("CreateRepository", { repositoryName: "app" });
    expect(refused.error).toEqual({ code: -32602, message: expect.stringContaining("--allow-writes") });
    expect((await reader.call("GetAuthorizationToken")).error).toMatchObject({ code: -32602 });
    expect(await reader.text("DescribeRepositories", {})).toBe('{"repositories":[]}');
  });

  it("offers all operations but the one that answers a password when writes are allowed", async () => {
    await using place = await Workplace.open();
    await place.serve();
    await using writer = await new Agent(["--data", place.data, "--allow-writes"]).open();
    const tools = await writer.tools();
    const all = ecrCodec.operationNames.filter((name) => name !== "GetAuthorizationToken");
    expect([...tools.keys()]).toEqual(all.toSorted());
    const destructive = (name: string): boolean | undefined => tools.get(name)?.annotations.destructiveHint;
    for (const name of ["DeleteRepository", "BatchDeleteImage", "PutLifecyclePolicy", "UntagResource", "PutImage"]) {
      expect([name, destructive(name)]).toEqual([name, true]);
    }
    for (const name of ["CreateRepository", "StartImageScan", "DescribeImages"]) {
      expect([name, destructive(name)]).toEqual([name, false]);
    }
    const made = await writer.call("CreateRepository", { repositoryName: "team/app" });
    expect(made.result).toMatchObject({ structuredContent: { repository: { repositoryName: "team/app" } } });
    expect(await writer.text("DeleteRepository", { repositoryName: "team/app" })).toContain('"team/app"');
  });

  it("answers what its tools' schemas say", async () => {
    await using place = await Workplace.open();
    const server = await place.serve();
    const { endpoint: _, region, ...credentials } = await place.credentials();
    const ecr = create({ ...credentials, region, endpoint: server.endpoint });
    await ecr.createRepository({ repositoryName: "app", tags: [{ Key: "team", Value: "a" }] });
    const imageManifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [],
    });
    const { image } = await ecr.putImage({ repositoryName: "app", imageManifest, imageTag: "1" });
    await using agent = await new Agent(["--data", place.data]).open();
    const tools = await agent.tools();
    const app = { repositoryName: "app" };
    const imageIds = [{ imageTag: "1" }, { imageTag: "none" }];
    const calls: Readonly<Record<string, object>> = {
      BatchCheckLayerAvailability: { ...app, layerDigests: [`sha256:${"0".repeat(64)}`] },
      BatchGetImage: { ...app, imageIds },
      BatchGetRepositoryScanningConfiguration: { repositoryNames: ["app", "none"] },
      DescribeImages: app,
      DescribePullThroughCacheRules: {},
      DescribeRegistry: {},
      DescribeRepositories: {},
      DescribeRepositoryCreationTemplates: {},
      GetAccountSetting: { name: "BLOB_MOUNTING" },
      GetRegistryScanningConfiguration: {},
      ListImageReferrers: { ...app, subjectId: { imageDigest: image?.imageId?.imageDigest } },
      ListImages: app,
      ListPullTimeUpdateExclusions: {},
      ListTagsForResource: { resourceArn: "arn:aws:ecr:us-east-1:000000000000:repository/app" },
    };
    for (const [name, input] of Object.entries(calls)) {
      const { inputSchema, outputSchema } = tools.get(name) ?? { inputSchema: {}, outputSchema: {} };
      expect([name, z.fromJSONSchema(inputSchema).safeParse(input).success]).toEqual([name, true]);
      const { result } = await agent.call(name, input);
      expect([name, result]).toEqual([name, expect.not.objectContaining({ isError: true })]);
      expect([name, z.fromJSONSchema(outputSchema).safeParse(result?.["structuredContent"])]).toMatchObject([
        name,
        { success: true },
      ]);
    }
    const { structuredContent } = (await agent.call("DescribeRepositories")).result ?? {};
    expect(structuredContent).toMatchObject({ repositories: [{ createdAt: expect.closeTo(Date.now() / 1000, -3) }] });
  });

  it("tells refusals in ECR's words, as results that an agent can act on", async () => {
    await using place = await Workplace.open();
    await place.serve();
    await using agent = await new Agent(["--data", place.data]).open();
    const absent = await agent.call("DescribeImages", { repositoryName: "app" });
    expect(absent.result).toEqual({
      content: [
        {
          type: "text",
          text: "RepositoryNotFoundException: The repository with name 'app' does not exist in the registry with id '000000000000'",
        },
      ],
      isError: true,
    });
    expect(await agent.text("DescribeImages", { repositoryName: "A" })).toMatch(
      /^InvalidParameterException: Invalid parameter at 'repositoryName' failed to satisfy constraint: /,
    );
    expect(await agent.text("DescribeImages", {})).toContain("must not be null");
    expect(await agent.text("DescribeImages", { repositoryName: "app", maxResults: "9" })).toMatch(
      /^SerializationException: .*\(at maxResults\)$/,
    );
    expect(await agent.text("DescribeImages", { repositoryName: "app", filter: { tagstatus: "UNTAGGED" } })).toBe(
      "InvalidParameterException: DescribeImages has no filter.tagstatus",
    );
  });

  it("finds its server again after that was started anew", async () => {
    await using place = await Workplace.open();
    const first = await place.serve();
    await using agent = await new Agent(["--data", place.data]).open();
    expect(await agent.text("DescribeRepositories", {})).toBe('{"repositories":[]}');
    first.kill("SIGTERM");
    await first.exited;
    expect(await agent.text("DescribeRepositories", {})).toMatch(/^NoAnswerError: /);
    expect(await agent.text("DescribeRepositories", {})).toContain("Start one with: stowage serve");
    await place.serve();
    expect(await agent.text("DescribeRepositories", {})).toBe('{"repositories":[]}');
  });

  it("takes credentials and endpoint from the environment", async () => {
    await using place = await Workplace.open();
    await place.serve("--region", "eu-west-1");
    const variables = JSON.parse((await place.run("env", "--format", "json")).out) as NodeJS.ProcessEnv;
    await using agent = await new Agent([], variables).open();
    expect(await agent.text("DescribeRegistry", {})).toContain('"registryId":"000000000000"');
    await using stranger = await new Agent([], { ...variables, AWS_SECRET_ACCESS_KEY: "wrong" }).open();
    expect(await stranger.text("DescribeRegistry", {})).toMatch(/^InvalidSignatureException: /);
  });

  it("exits with 3 where no server runs, and says how to start one", async () => {
    await using place = await Workplace.open();
    await using agent = new Agent(["--data", place.data]);
    expect(await agent.closed).toEqual([3, null]);
    expect([agent.out, agent.err]).toEqual(["", expect.stringContaining("stowage serve --data")]);
  });

  it("never says a secret, and writes nothing but messages to standard output", async () => {
    await using place = await Workplace.open();
    await place.serve();
    const { secretAccessKey, accessKeyId } = await place.credentials();
    await using agent = await new Agent(["--data", place.data, "--allow-writes"]).open();
    for (const name of (await agent.tools()).keys()) {
      await agent.call(name, {});
      await agent.call(name, { repositoryName: "app" });
    }
    expect(await agent.end()).toBe(0);
    for (const secret of [secretAccessKey, accessKeyId]) expect(agent.out + agent.err).not.toContain(secret);
    expect(agent.err).toContain("DescribeImages: refused");
  });

  it("outlives whatever it is sent", async () => {
    await using place = await Workplace.open();
    await place.serve();
    await using agent = await new Agent(["--data", place.data]).open();
    agent.write(Buffer.from([0xff, 0xfe, 0x0a]));
    agent.write('\n\r\n  \nnot json\n[]\n[1]\nnull\n1\n"text"\n{}\n');
    agent.write(`${"[".repeat(100_000)}\n`);
    agent.write(`{"jsonrpc":"2.0","id":"long","method":"${"a".repeat(1024 * 1024)}"}\n`);
    agent.write(`{"jsonrpc":"2.0","id":"proto","method":"tools/call","params":{"name":"__proto__","arguments":{}}}\n`);
    agent.write(`{"jsonrpc":"2.0","id":"method","method":"constructor","params":{"__proto__":{"name":"x"}}}\n`);
    agent.write(
      `{"jsonrpc":"2.0","id":"in","method":"tools/call","params":{"name":"DescribeImages","arguments":[1]}}\n`,
    );
    agent.write(`{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}\n{"jsonrpc":"1.0","id":"old","method":"ping"}\n`);
    expect((await agent.reply("proto")).error).toMatchObject({ code: -32602 });
    expect((await agent.reply("method")).error).toMatchObject({ code: -32601 });
    expect((await agent.reply("in")).error).toMatchObject({ code: -32602 });
    expect((await agent.reply("old")).error).toMatchObject({ code: -32600 });
    expect((await agent.request("ping")).result).toEqual({});
    const codes = agent.replies.filter(({ id }) => id === null).map(({ error }) => error?.code);
    expect(new Set(codes)).toEqual(new Set([-32700, -32600]));
    expect(agent.replies.some(({ id }) => id === "long")).toBe(false);
    expect(await agent.end()).toBe(0);
  });

  it("has help with examples", async () => {
    await using agent = new Agent(["--help"]);
    expect(await agent.closed).toEqual([0, null]);
    expect(agent.out).toContain("Examples:\n  stowage mcp\n");
  });
});
