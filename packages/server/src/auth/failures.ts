/** Nobody may go on without credentials: the door answers 401 with ECR's challenge. */
export class Unauthenticated extends Error {
  override readonly name = "Unauthenticated";
  /** ECR sends `Sizes` without a value. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body = "Not Authorized\n";

  /** @param realm where to log in, `http://localhost:5100/` */
  constructor(realm: string, options?: ErrorOptions) {
    super("Not Authorized", options);
    this.headers = {
      "www-authenticate": `Basic realm="${realm}",service="ecr.amazonaws.com"`,
      "docker-distribution-api-version": "registry/2.0",
      sizes: "",
      "content-type": "text/plain; charset=utf-8",
    };
  }
}

/** The registry token was good once: the door answers 403 DENIED with this text. */
export class TokenExpired extends Error {
  override readonly name = "TokenExpired";

  constructor() {
    super("Your authorization token has expired. Reauthenticate and try again.");
  }
}

/** The registry token was not made here, or not like this. */
export class TokenForged extends Error {
  override readonly name = "TokenForged";

  constructor() {
    super("The registry token is not one of this installation.");
  }
}
