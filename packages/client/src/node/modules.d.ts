// What of Node the client uses; Bun and Deno have the same.
declare module "node:crypto" {
  interface Digester {
    update(data: Uint8Array | string): Digester;
    digest(): Uint8Array;
  }
  export function createHash(algorithm: "sha256"): Digester;
  export function createHmac(algorithm: "sha256", key: Uint8Array): Digester;
  export const webcrypto: {
    readonly subtle: { digest(algorithm: "SHA-256", data: Uint8Array): Promise<ArrayBuffer> };
  };
}
declare module "node:fs/promises" {
  export function readFile(path: string, encoding: "utf8"): Promise<string>;
}
declare module "node:os" {
  export function homedir(): string;
}
declare module "node:http" {
  export class Agent {
    constructor(options: { readonly keepAlive: boolean; readonly maxSockets: number });
  }
  export interface IncomingMessage extends AsyncIterable<Uint8Array> {
    readonly statusCode?: number | undefined;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  }
  interface RequestOptions {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly agent: Agent;
    readonly signal?: AbortSignal;
  }
  interface ClientRequest {
    on(event: "error", listener: (error: Error) => void): void;
    on(event: "response", listener: (incoming: IncomingMessage) => void): void;
    end(body: Uint8Array): void;
  }
  export function request(url: string, options: RequestOptions): ClientRequest;
}
declare module "node:https" {
  import type { Agent as PlainAgent, request as plainRequest } from "node:http";
  export class Agent extends PlainAgent {}
  export const request: typeof plainRequest;
}
declare module "node:process" {
  export const versions: Readonly<Record<string, string | undefined>>;
  export const env: Readonly<Record<string, string | undefined>>;
}
declare module "node:timers" {
  export function setTimeout(run: () => void, ms: number): object;
  export function clearTimeout(timer: object): void;
}
