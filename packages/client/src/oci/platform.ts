import type { SupportedAlgorithm } from "@stowage/model";
import type { Clock } from "../platform.ts";
import type { HttpStream } from "./http-stream.ts";

/** A hash that is fed piece by piece. */
export interface IncrementalHash {
  update(bytes: Uint8Array): void;
  /** The hash in lower-case hexadecimal; ends the use of it. */
  digest(): string;
}

/** What the OCI client has of the runtime it lives in. */
export interface OciPlatform {
  readonly http: HttpStream;
  readonly hash: (algorithm: SupportedAlgorithm) => IncrementalHash;
  /** Compresses as the chunks come; the same bytes each time. */
  readonly gzip: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  /** What the client calls itself, where a client may. */
  readonly userAgent?: string;
}
