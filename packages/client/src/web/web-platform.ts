import type { Hasher } from "@stowage/sigv4";
import { ConfigurationError } from "../ecr/failures.ts";
import { fetchHttp } from "../fetch-http.ts";
import type { Fetch } from "../fetch-http.ts";
import type { Platform } from "../platform.ts";
import { systemClock } from "../system-clock.ts";

type Globals = WebGlobals & { readonly fetch: Fetch };

/** Browsers, workers and whatever else has `fetch`: there is no environment, so options must say everything. */
export function webPlatform(hasher: Hasher, globals: Globals = globalThis as unknown as Globals): Platform {
  return {
    http: fetchHttp((url, init) => globals.fetch(url, init)),
    hasher,
    digest: async (bytes) => {
      const { subtle } = globals.crypto;
      return subtle === undefined ? hasher.sha256(bytes) : new Uint8Array(await subtle.digest("SHA-256", bytes));
    },
    clock: systemClock({
      start: (run, ms) => globals.setTimeout(run, ms),
      stop: (timer: unknown) => globals.clearTimeout(timer),
    }),
    random: Math.random,
    surroundings: () => Promise.resolve({}),
    credentials: () =>
      Promise.reject(
        new ConfigurationError(
          "No credentials: give accessKeyId and secretAccessKey or a provider function as options",
        ),
      ),
  };
}
