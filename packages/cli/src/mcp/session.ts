import type { OperationName } from "@stowage/model";
import type { ToolResult } from "./call.ts";
import { errorCodes, errorReply, isObject, readMessage, RpcError } from "./messages.ts";
import type { Incoming, Params, Reply, RequestId } from "./messages.ts";
import type { Tool } from "./tools.ts";

/** Revisions that open with `initialize`, the newest first. */
export const HANDSHAKE_VERSIONS: readonly string[] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];
/** Revisions in which every request says its version. */
export const STATELESS_VERSIONS: readonly string[] = ["2026-07-28"];
/** The one revision with batches of messages. */
const BATCH_VERSION = "2025-03-26";
export const MAX_BATCH = 50;

const META = "io.modelcontextprotocol/";
/** The tools stay the same while the process runs. */
const LIST_TTL_MS = 60 * 60 * 1000;
const MAX_ECHO = 100;

export interface Served {
  readonly tools: ReadonlyMap<string, Tool>;
  /** Said when a tool is asked for that is not there. */
  readonly absentHint: string;
  readonly instructions: string;
  readonly version: string;
  call(operation: OperationName, input: Params, signal: AbortSignal): Promise<ToolResult>;
  log(text: string): void;
}

/** How a request is to be answered. */
interface Style {
  readonly isStateless: boolean;
}

/** One client's side of the Model Context Protocol, of revisions with and without a handshake. */
export class Session {
  readonly #served: Served;
  readonly #running = new Map<RequestId, AbortController>();
  #version: string | undefined;

  constructor(served: Served) {
    this.#served = served;
  }

  /** The answer to one message; undefined for what has none. */
  async answer(json: unknown): Promise<Reply | readonly Reply[] | undefined> {
    if (!Array.isArray(json)) return this.#answerOne(readMessage(json));
    if (this.#version !== BATCH_VERSION) return invalid(null, "A message is a JSON object");
    if (json.length === 0 || json.length > MAX_BATCH) return invalid(null, `A batch has 1 to ${MAX_BATCH} messages`);
    const replies = await Promise.all(json.map((item: unknown) => this.#answerOne(readMessage(item))));
    const said = replies.filter((reply) => reply !== undefined);
    return said.length === 0 ? undefined : said;
  }

  async #answerOne(message: Incoming): Promise<Reply | undefined> {
    switch (message.kind) {
      case "response":
        return undefined;
      case "invalid":
        return invalid(message.id, message.reason);
      case "notification":
        if (message.method === "notifications/cancelled") this.#cancel(message.params["requestId"]);
        return undefined;
      case "request":
        return this.#answerRequest(message);
    }
  }

  async #answerRequest({ id, method, params }: Extract<Incoming, { kind: "request" }>): Promise<Reply | undefined> {
    if (this.#running.has(id)) return invalid(id, "A request of this id is running");
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const result = await this.#resultOf(method, params, controller.signal);
      return controller.signal.aborted ? undefined : { jsonrpc: "2.0", id, result };
    } catch (error) {
      if (controller.signal.aborted) return undefined;
      if (error instanceof RpcError) return errorReply(id, error);
      this.#served.log(`${method.slice(0, MAX_ECHO)}: ${error instanceof Error ? error.message : String(error)}`);
      return errorReply(id, new RpcError(errorCodes.internalError, "Internal error"));
    } finally {
      this.#running.delete(id);
    }
  }

  #cancel(id: unknown): void {
    if (typeof id === "string" || typeof id === "number") this.#running.get(id)?.abort();
  }

  async #resultOf(method: string, params: Params, signal: AbortSignal): Promise<object> {
    if (method === "initialize") return this.#initialize(params);
    const style = this.#styleOf(method, params);
    if (method === "ping" && !style.isStateless) return {};
    if (method === "server/discover" && style.isStateless) return this.#complete(style, this.#discovered(), true);
    if (method === "tools/list") return this.#complete(style, { tools: [...this.#served.tools.values()] }, true);
    if (method === "tools/call") return this.#complete(style, await this.#call(params, signal));
    throw new RpcError(errorCodes.methodNotFound, `There is no method ${method.slice(0, MAX_ECHO)}`);
  }

  #initialize({ protocolVersion }: Params): object {
    if (typeof protocolVersion !== "string") {
      throw new RpcError(errorCodes.invalidParams, "protocolVersion must be a string");
    }
    const version = HANDSHAKE_VERSIONS.includes(protocolVersion) ? protocolVersion : HANDSHAKE_VERSIONS[0];
    this.#version = version;
    const { instructions } = this.#served;
    return { protocolVersion: version, capabilities: { tools: {} }, serverInfo: this.#identity(), instructions };
  }

  /** @throws RpcError the request says no version that is known, and none was agreed on */
  #styleOf(method: string, params: Params): Style {
    const meta = isObject(params["_meta"]) ? params["_meta"] : {};
    const requested = meta[`${META}protocolVersion`];
    if (requested === undefined && (this.#version !== undefined || method === "ping")) return { isStateless: false };
    if (typeof requested !== "string" || !isObject(meta[`${META}clientCapabilities`])) {
      const message = `_meta needs ${META}protocolVersion and ${META}clientCapabilities, unless initialize came before`;
      throw new RpcError(errorCodes.invalidParams, message);
    }
    if (STATELESS_VERSIONS.includes(requested)) return { isStateless: true };
    throw new RpcError(errorCodes.unsupportedProtocolVersion, "Unsupported protocol version", {
      supported: STATELESS_VERSIONS,
      requested: requested.slice(0, MAX_ECHO),
    });
  }

  #discovered(): object {
    const { instructions } = this.#served;
    return {
      supportedVersions: STATELESS_VERSIONS,
      capabilities: { tools: {} },
      serverInfo: this.#identity(),
      instructions,
    };
  }

  #complete({ isStateless }: Style, result: object, isCacheable = false): object {
    if (!isStateless) return result;
    return {
      resultType: "complete",
      ...result,
      ...(isCacheable ? { ttlMs: LIST_TTL_MS, cacheScope: "public" } : {}),
      _meta: { [`${META}serverInfo`]: this.#identity() },
    };
  }

  #identity(): { readonly name: string; readonly version: string } {
    return { name: "stowage", version: this.#served.version };
  }

  async #call(params: Params, signal: AbortSignal): Promise<ToolResult> {
    const { name, arguments: input = {} } = params;
    const { tools, absentHint } = this.#served;
    const tool = typeof name === "string" ? tools.get(name) : undefined;
    if (tool === undefined) {
      const message = `Unknown tool: ${String(name).slice(0, MAX_ECHO)}. ${absentHint}`;
      throw new RpcError(errorCodes.invalidParams, message.trimEnd());
    }
    if (!isObject(input)) throw new RpcError(errorCodes.invalidParams, "arguments must be an object");
    return this.#served.call(tool.name, input, signal);
  }
}

function invalid(id: RequestId | null, reason: string): Reply {
  return errorReply(id, new RpcError(errorCodes.invalidRequest, reason));
}
