import { EcrClient, OciClient, ecrLogin } from "@stowage/client";
import type { OciClientOptions } from "@stowage/client";
import { openServer } from "../../wire/oci/server.ts";
import type { OciServer } from "../../wire/oci/server.ts";

/** A Stowage server of the test's own and a client that is logged in to it. */
export interface TestRegistry {
  readonly server: OciServer;
  readonly client: OciClient;
  /** Another client of the same caller's. */
  readonly connect: (options?: Partial<OciClientOptions>) => OciClient;
}

export async function openRegistry(): Promise<TestRegistry> {
  const server = await openServer();
  const keys = await server.ecr.config.credentials();
  const ecr = new EcrClient({ endpoint: server.origin, region: "us-east-1", credentials: keys });
  const connect = (options: Partial<OciClientOptions> = {}): OciClient =>
    new OciClient({ endpoint: server.origin, credentials: ecrLogin(ecr), ...options });
  return { server, client: connect(), connect };
}

export async function* bytesOf(...parts: readonly (Uint8Array | string)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === "string" ? new TextEncoder().encode(part) : part;
}

export async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await listed(chunks));
}

export async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
