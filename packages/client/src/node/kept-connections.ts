import type { ClientRequest, RequestOptions } from "node:http";
import { getBuiltinModule, versions } from "node:process";

/** Most connections to one host; further requests wait for one to be free. */
const MAX_CONNECTIONS = 50;

export interface NodeHttpOptions {
  /** Certificates in PEM that are trusted besides those of the system. */
  readonly ca?: string | readonly string[] | undefined;
}

/** Begins a request, whose body is to be written and ended. */
export type BeginRequest = (url: string, options: RequestOptions) => ClientRequest;

/**
 * Requests on connections that are kept for the next, and keep no process alive.
 *
 * The modules are not imported but asked for when they are needed: to import `node:http` evaluates all that it exports,
 * `fetch` and WebSockets among it, and takes as long as the rest of Node's start; `node:https` brings all of TLS along.
 */
export function keptConnections({ ca }: NodeHttpOptions = {}): BeginRequest {
  const kept = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
  const trust = ca === undefined ? {} : { ca: typeof ca === "string" ? ca : [...ca] };
  let plain: BeginRequest | undefined;
  let secure: BeginRequest | undefined;
  return (url, options) => {
    if (!url.startsWith("https:")) return (plain ??= beginPlain())(url, options);
    return (secure ??= beginSecure())(url, options);
  };

  function beginPlain(): BeginRequest {
    const { Agent, request } = getBuiltinModule("node:http");
    const agent = new Agent(kept);
    return (url, options) => sentOnce(request(url, { ...options, agent }));
  }

  function beginSecure(): BeginRequest {
    const { Agent, request } = getBuiltinModule("node:https");
    const agent = new Agent({ ...kept, ...trust });
    return (url, options) => sentOnce(request(url, { ...options, agent }));
  }
}

/**
 * Deno takes a request that was ended by its caller on a kept connection for one whose connection had gone stale, and sends
 * it again on another (2.9.6, denoland/deno#36786): what was to stop goes on, and keeps the process alive.
 */
function sentOnce(outgoing: ClientRequest): ClientRequest {
  if (versions["deno"] === undefined) return outgoing;
  return outgoing.on("socket", () => {
    outgoing.reusedSocket = false;
  });
}
