import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import type { Config } from "./schema.ts";

/** `http://HOST:PORT` of a listener. */
export function endpointOf(config: Pick<Config, "tls">, host: string, port: number): string {
  return `${config.tls.cert === undefined ? "http" : "https"}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** Where a client on this machine reaches a server that listens on every address. */
export function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}
