import { decodeBase64 } from "@stowage/model";
import type { AuthorizationData, GetAuthorizationTokenRequest, GetAuthorizationTokenResponse } from "@stowage/model";
import { ConfigurationError } from "../ecr/failures.ts";
import type { Clock } from "../platform.ts";

/** A user name and password, or a token that is sent as it is. */
export type RegistryCredentials =
  | { readonly username: string; readonly password: string; readonly expiration?: Date | undefined }
  | { readonly bearer: string; readonly expiration?: Date | undefined };

/** Finds credentials when they are needed, and again 5 minutes before they expire. */
export type RegistryCredentialProvider = () => Promise<RegistryCredentials>;

/** What of a client for ECR a login needs; an `EcrClient` fits. */
export interface TokenIssuer {
  getAuthorizationToken(input?: GetAuthorizationTokenRequest): Promise<GetAuthorizationTokenResponse>;
}

/** How long before their end credentials are fetched anew, in milliseconds. */
const REFRESH_BEFORE_MS = 5 * 60 * 1000;

/**
 * Logs in to a registry of ECR, as `aws ecr get-login-password` does.
 * @returns a provider for `credentials` of the OCI client; it keeps a token until shortly before its 12 hours are over
 */
export function ecrLogin(ecr: TokenIssuer): RegistryCredentialProvider {
  return async () => {
    const { authorizationData } = await ecr.getAuthorizationToken();
    return credentialsOf(authorizationData?.[0]);
  };
}

function credentialsOf(data: AuthorizationData | undefined): RegistryCredentials {
  const bytes = decodeBase64(data?.authorizationToken ?? "");
  const text = bytes === undefined ? "" : new TextDecoder().decode(bytes);
  const colon = text.indexOf(":");
  if (colon < 1) throw new ConfigurationError("GetAuthorizationToken answered no token");
  const expiration = data?.expiresAt;
  return {
    username: text.slice(0, colon),
    password: text.slice(colon + 1),
    ...(expiration === undefined ? {} : { expiration }),
  };
}

/** Keeps what a provider gave until shortly before it ends; callers at the same time share one question. */
export class Login {
  readonly #provider: RegistryCredentialProvider;
  readonly #clock: Clock;
  #given: RegistryCredentials | undefined;
  #asked: Promise<RegistryCredentials> | undefined;

  constructor(credentials: RegistryCredentials | RegistryCredentialProvider, clock: Clock) {
    this.#provider = typeof credentials === "function" ? credentials : () => Promise.resolve(credentials);
    this.#clock = clock;
  }

  async get(): Promise<RegistryCredentials> {
    const given = this.#given;
    if (given !== undefined && !endsSoon(given.expiration, this.#clock)) return given;
    this.#asked ??= this.#ask();
    return this.#asked;
  }

  /** Asks anew next time. */
  forget(): void {
    this.#given = undefined;
  }

  async #ask(): Promise<RegistryCredentials> {
    try {
      this.#given = await this.#provider();
      return this.#given;
    } finally {
      this.#asked = undefined;
    }
  }
}

function endsSoon(expiration: Date | undefined, clock: Clock): boolean {
  return expiration !== undefined && expiration.getTime() - clock.now().getTime() < REFRESH_BEFORE_MS;
}
