import type { Credentials, Hasher } from "@stowage/sigv4";
import type { Http } from "./http.ts";

/** Time as the platform has it, so that tests own it. */
export interface Clock {
  now(): Date;
  /** Rejects with the signal's reason once it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Credentials that may end. */
export interface ExpiringCredentials extends Credentials {
  /** When they end; absent for those that last. */
  readonly expiration?: Date | undefined;
}

/** Finds credentials when they are needed. Those of the AWS SDK for JavaScript fit. */
export type CredentialProvider = () => Promise<ExpiringCredentials>;

/** What the surroundings say where the options of a client say nothing. */
export interface Surroundings {
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly useDualstackEndpoint?: boolean | undefined;
  readonly useFipsEndpoint?: boolean | undefined;
  readonly maxAttempts?: number | undefined;
}

/** What the client's core has of the runtime it lives in. */
export interface Platform {
  readonly http: Http;
  readonly hasher: Hasher;
  /** SHA-256 of many bytes, off the thread that calls. */
  readonly digest: (bytes: Uint8Array) => Promise<Uint8Array>;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly surroundings: (profile: string | undefined) => Promise<Surroundings>;
  /** @throws ConfigurationError the surroundings have no credentials */
  readonly credentials: (profile: string | undefined) => Promise<ExpiringCredentials>;
  /** What the client calls itself, where a client may. */
  readonly userAgent?: string;
}
