import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import type { Config } from "./schema.ts";

/** `http://HOST:PORT` of a listener. */
export function endpointOf(config: Pick<Config, "tls">, host: string, port: number): string {
  return `${config.tls.cert === undefined ? "http" : "https"}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "0.0.0.0", "::"]);

/** Where a client on this machine reaches the server: under the name that repository URIs have, so that one login serves. */
export function reachable(host: string): string {
  return LOOPBACK.has(host) ? "localhost" : host;
}

export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}
