import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { type Context, MISSING_REPOSITORY, type Scenario } from "../scenario.ts";
import type { ToolName } from "../tool-table.ts";

export const PROGRAMS = join(import.meta.dirname, "../../../node_modules/.bin");

/** The protocol's own packages of JavaScript, of the generations before and after the revision without a handshake. */
interface Sdk {
  readonly tool: ToolName;
  /** Where in the package its parts lie. */
  readonly files: { readonly client: string; readonly stdio: string; readonly validator: string };
  readonly modes: readonly Mode[];
}

interface Mode {
  readonly name: string;
  readonly options: object;
  readonly hasPing: boolean;
}

const V1: Sdk = {
  tool: "mcp-js-v1",
  files: {
    client: "dist/esm/client/index.js",
    stdio: "dist/esm/client/stdio.js",
    validator: "dist/esm/validation/ajv-provider.js",
  },
  modes: [{ name: "with a handshake", options: {}, hasPing: true }],
};

const V2: Sdk = {
  tool: "mcp-js-v2",
  files: { client: "dist/index.mjs", stdio: "dist/stdio.mjs", validator: "dist/validators/ajv.mjs" },
  modes: [
    { name: "with a handshake", options: { versionNegotiation: { mode: "legacy" } }, hasPing: true },
    { name: "as it agrees", options: { versionNegotiation: { mode: "auto" } }, hasPing: false },
    { name: "without a handshake", options: { versionNegotiation: { mode: { pin: "2026-07-28" } } }, hasPing: false },
  ],
};

export const mcpJsV1 = scenarioOf(V1);
export const mcpJsV2 = scenarioOf(V2);

/** What is used of them; both have it under these names. */
interface Client {
  connect(transport: Transport): Promise<void>;
  close(): Promise<void>;
  getServerVersion(): { readonly name: string } | undefined;
  getServerCapabilities(): object | undefined;
  getInstructions(): string | undefined;
  listTools(): Promise<{ readonly tools: readonly Tool[] }>;
  callTool(call: { readonly name: string; readonly arguments?: object }): Promise<Result>;
  ping(): Promise<object>;
  listResources(): Promise<{ readonly resources: readonly unknown[] }>;
  listPrompts(): Promise<{ readonly prompts: readonly unknown[] }>;
  onerror?: (error: Error) => void;
}

interface Transport {
  readonly pid: number | null;
}

interface Tool {
  readonly name: string;
  readonly inputSchema: object;
  readonly outputSchema: object;
}

interface Result {
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: boolean;
}

interface Modules {
  readonly client: { readonly Client: new (info: object, options: object) => Client };
  readonly stdio: { readonly StdioClientTransport: new (command: object) => Transport };
  readonly validator: { readonly AjvJsonSchemaValidator: new () => Validator };
}

interface Validator {
  getValidator(schema: object): (value: unknown) => { readonly valid: boolean };
}

/** A client and the process that it started. */
interface Agent {
  readonly client: Client;
  readonly transport: Transport;
  readonly validator: Validator;
  /** What the client found wrong by itself, as a message that it could not read. */
  readonly complaints: readonly Error[];
}

function scenarioOf(sdk: Sdk): Scenario {
  return {
    name: sdk.tool,
    tools: [sdk.tool],
    async run(context) {
      const modules = await load(context, sdk);
      for (const [index, mode] of sdk.modes.entries()) {
        const step = (name: string, work: () => Promise<void>): Promise<void> =>
          context.step(`${mode.name}: ${name}`, work);
        const existing = await context.newRepository(`listed-${index}`);
        const reader = await open(context, modules, { mode, flags: [] });
        await step("what the server says of itself", () => checkIdentity(reader, mode));
        await step("tools that read", () => checkTools(reader, { count: 25, listed: ["ListImages"] }));
        await step("read", () => read(reader, existing));
        await step("refusals", () => checkRefusals(reader, context.repository("none")));
        await step("many calls at once", () => callMany(reader, existing));
        await step("close", () => close(reader));
        const writer = await open(context, modules, { mode, flags: ["--allow-writes"] });
        await step("all tools", () => checkTools(writer, { count: 61, listed: ["CreateRepository", "PutImage"] }));
        await step("write", () => write(context, writer, `made-${index}`));
        await step("close again", () => close(writer));
      }
    },
  };
}

async function load(context: Context, { tool, files }: Sdk): Promise<Modules> {
  const from = (file: string): string => pathToFileURL(join(context.tool(tool), file)).href;
  const client: Modules["client"] = await import(from(files.client));
  const stdio: Modules["stdio"] = await import(from(files.stdio));
  const validator: Modules["validator"] = await import(from(files.validator));
  return { client, stdio, validator };
}

async function open(
  context: Context,
  { client: { Client }, stdio: { StdioClientTransport }, validator: { AjvJsonSchemaValidator } }: Modules,
  { mode, flags }: { readonly mode: Mode; readonly flags: readonly string[] },
): Promise<Agent> {
  const client = new Client({ name: "interop", version: "1.0.0" }, mode.options);
  const complaints: Error[] = [];
  client.onerror = (error) => complaints.push(error);
  const path = `${PROGRAMS}:${context.env["PATH"]}`;
  const env = { ...context.env, ...context.registry.account.environment, PATH: path };
  const transport = new StdioClientTransport({ command: "stowage", args: ["mcp", ...flags], env, stderr: "ignore" });
  context.cleanups.defer(() => client.close());
  await client.connect(transport);
  return { client, transport, validator: new AjvJsonSchemaValidator(), complaints };
}

async function checkIdentity({ client }: Agent, mode: Mode): Promise<void> {
  assert.equal(client.getServerVersion()?.name, "stowage");
  assert.deepEqual(client.getServerCapabilities(), { tools: {} });
  assert.match(client.getInstructions() ?? "", /Amazon ECR/);
  if (mode.hasPing) assert.deepEqual(await client.ping(), {});
  // Neither is offered: one generation asks all the same, the other does not.
  await empty(client.listResources().then(({ resources }) => resources));
  await empty(client.listPrompts().then(({ prompts }) => prompts));
}

async function empty(list: Promise<readonly unknown[]>): Promise<void> {
  const found = await list.catch((error: unknown) => {
    assert.equal(codeOf(error), -32601);
    return [];
  });
  assert.deepEqual(found, []);
}

interface Expected {
  readonly count: number;
  readonly listed: readonly string[];
}

/** Listing compiles the schemas of answers, which are held against each answer then; those of inputs are compiled here. */
async function checkTools({ client, validator }: Agent, { count, listed }: Expected): Promise<void> {
  const { tools } = await client.listTools();
  assert.equal(tools.length, count);
  const names = tools.map(({ name }) => name);
  for (const name of listed) assert.ok(names.includes(name), name);
  for (const { inputSchema } of tools) validator.getValidator(inputSchema);
  const images = tools.find(({ name }) => name === "DescribeImages");
  assert.ok(images);
  const check = validator.getValidator(images.inputSchema);
  assert.equal(check({ repositoryName: "app", maxResults: 1 }).valid, true);
  for (const wrong of [{}, { repositoryName: 1 }, { repositoryName: "app", maxResults: 0 }]) {
    assert.equal(check(wrong).valid, false, JSON.stringify(wrong));
  }
}

async function read({ client }: Agent, repositoryName: string): Promise<void> {
  const answer = await client.callTool({
    name: "DescribeRepositories",
    arguments: { repositoryNames: [repositoryName] },
  });
  const { content, structuredContent } = done(answer);
  assert.deepEqual(JSON.parse(content[0]?.text ?? ""), structuredContent);
  assert.match(content[0]?.text ?? "", new RegExp(`"repositoryName":"${repositoryName}"`));
  const first = done(await client.callTool({ name: "DescribeRepositories", arguments: { maxResults: 1 } }));
  assert.ok(Array.isArray(first.structuredContent?.["repositories"]));
  done(await client.callTool({ name: "DescribeRegistry" }));
}

async function checkRefusals({ client }: Agent, repositoryName: string): Promise<void> {
  const refused = async (input: object, text: RegExp): Promise<void> => {
    const { isError, content } = await client.callTool({ name: "DescribeImages", arguments: input });
    assert.equal(isError, true);
    assert.match(content[0]?.text ?? "", text);
  };
  await refused({ repositoryName }, MISSING_REPOSITORY);
  await refused({}, /^InvalidParameterException: .*must not be null/);
  await refused({ repositoryName, maxResults: "1" }, /^SerializationException: .*\(at maxResults\)$/);
  await refused({ repositoryName, filters: {} }, /DescribeImages has no filters/);
  for (const name of ["CreateRepository", "GetAuthorizationToken", "Nothing"]) {
    await assert.rejects(client.callTool({ name, arguments: { repositoryName } }), (error) => codeOf(error) === -32602);
  }
}

async function callMany({ client }: Agent, repositoryName: string): Promise<void> {
  const call = { name: "ListImages", arguments: { repositoryName } };
  for (const result of await Promise.all(Array.from({ length: 100 }, () => client.callTool(call)))) {
    assert.deepEqual(done(result).structuredContent, { imageIds: [] });
  }
}

async function write(context: Context, { client }: Agent, name: string): Promise<void> {
  const repositoryName = context.repository(name);
  const call = async (tool: string, input: object): Promise<Readonly<Record<string, unknown>>> =>
    done(await client.callTool({ name: tool, arguments: { repositoryName, ...input } })).structuredContent ?? {};
  await call("CreateRepository", { imageTagMutability: "IMMUTABLE", tags: [{ Key: "team", Value: "a" }] });
  const { repositories } = await context.registry.ecr.send(
    new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }),
  );
  assert.equal(repositories?.[0]?.imageTagMutability, "IMMUTABLE");
  const again = await client.callTool({ name: "CreateRepository", arguments: { repositoryName } });
  assert.match(again.content[0]?.text ?? "", /^RepositoryAlreadyExistsException: /);
  const index = { schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: [] };
  await call("PutImage", { imageTag: "1", imageManifest: JSON.stringify(index) });
  const { images, failures } = await call("BatchGetImage", { imageIds: [{ imageTag: "1" }, { imageTag: "2" }] });
  assert.ok(Array.isArray(images) && images.length === 1);
  assert.ok(Array.isArray(failures) && failures.length === 1);
  await call("DeleteRepository", { force: true });
  await context.registry.expectGone(repositoryName, "1");
}

async function close({ client, transport: { pid }, complaints }: Agent): Promise<void> {
  assert.deepEqual(complaints, []);
  assert.ok(pid !== null);
  await client.close();
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
}

function done(result: Result): Result {
  assert.ok(result.isError !== true, result.content[0]?.text ?? "no text");
  return result;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
