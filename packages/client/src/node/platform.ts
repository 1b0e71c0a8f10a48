import { createHash, createHmac, webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { env, versions } from "node:process";
import { clearTimeout, setTimeout } from "node:timers";
import { fetchHttp } from "../fetch-http.ts";
import type { Fetch } from "../fetch-http.ts";
import type { Platform } from "../platform.ts";
import { systemClock } from "../system-clock.ts";
import { nodeHttp } from "./node-http.ts";
import { findCredentials, findSurroundings } from "./surroundings.ts";
import type { Machine } from "./surroundings.ts";

const globals = globalThis as unknown as { readonly fetch: Fetch };
/** Bun and Deno have `node:http` too, but their `fetch` is the way that they care for. */
const isNode = versions["bun"] === undefined && versions["deno"] === undefined;
const machine: Machine = { env, homeDirectory: homedir, readText };

/** Node, and Bun and Deno, which have the same modules. */
export const platform: Platform = {
  http: isNode ? nodeHttp() : fetchHttp((url, init) => globals.fetch(url, init)),
  hasher: {
    sha256: (data) => createHash("sha256").update(data).digest(),
    hmacSha256: (key, data) => createHmac("sha256", key).update(data).digest(),
  },
  // Only a view of shared memory is no view of an ArrayBuffer, and the client makes none.
  digest: async (bytes) => new Uint8Array(await webcrypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)),
  clock: systemClock({ start: setTimeout, stop: clearTimeout }),
  random: Math.random,
  surroundings: (profile) => findSurroundings(machine, profile),
  credentials: (profile) => findCredentials(machine, profile),
  userAgent: "stowage-client",
};

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}
