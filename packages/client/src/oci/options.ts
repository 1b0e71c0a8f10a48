import type { HttpStream } from "./http-stream.ts";
import type { RegistryCredentialProvider, RegistryCredentials } from "./login.ts";

export interface OciClientOptions {
  /** Scheme and host of the registry, `https://HOST` or `http://127.0.0.1:5100`. */
  readonly endpoint: string;
  /** None for a caller without a name; {@link ecrLogin} makes a provider for ECR. */
  readonly credentials?: RegistryCredentials | RegistryCredentialProvider | undefined;
  /** Hosts besides the registry's own, and those of its domain, to whose token service the credentials may be sent. */
  readonly tokenHosts?: readonly string[] | undefined;
  /** Most times that a request is sent, the first included, and that a broken transfer goes on; 3 unless given. */
  readonly maxAttempts?: number | undefined;
  /** Longest time in which nothing comes or goes, in milliseconds; 60,000 unless given. */
  readonly timeoutMs?: number | undefined;
  /** Size of the parts of an upload that cannot be streamed, in bytes; 8 MiB unless given. */
  readonly partBytes?: number | undefined;
  /** Instead of the platform's. */
  readonly http?: HttpStream | undefined;
}

export interface OciCallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}
