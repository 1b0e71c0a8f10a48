import type { Clock, CredentialProvider, ExpiringCredentials } from "../platform.ts";

/** How long before their end credentials are fetched anew, in milliseconds. */
export const REFRESH_BEFORE_MS = 5 * 60 * 1000;

/** Keeps what a provider gave until shortly before it ends; calls at the same time share one question. */
export class CredentialSource {
  readonly #provider: CredentialProvider;
  readonly #clock: Clock;
  #asked: Promise<ExpiringCredentials> | undefined;
  #given: ExpiringCredentials | undefined;

  constructor(provider: CredentialProvider, clock: Clock) {
    this.#provider = provider;
    this.#clock = clock;
  }

  async get(): Promise<ExpiringCredentials> {
    const given = this.#given;
    if (given !== undefined && !this.#endsSoon(given)) return given;
    this.#asked ??= this.#ask();
    return this.#asked;
  }

  /** Asks anew next time: the server says that what was given has ended. */
  forget(): void {
    this.#given = undefined;
  }

  async #ask(): Promise<ExpiringCredentials> {
    try {
      this.#given = await this.#provider();
      return this.#given;
    } finally {
      this.#asked = undefined;
    }
  }

  #endsSoon({ expiration }: ExpiringCredentials): boolean {
    return expiration !== undefined && expiration.getTime() - this.#clock.now().getTime() < REFRESH_BEFORE_MS;
  }
}
