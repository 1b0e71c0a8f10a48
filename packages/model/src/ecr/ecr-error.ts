/** What an error may be given besides its message. */
export type ErrorMembers = ErrorOptions & { readonly [member: string]: unknown };

/**
 * An error that a JSON API answers: its name is the code on the wire. Registry throws these, doors translate them.
 * Source: AWS JSON 1.1; every client error is 400, a server error 500.
 */
export abstract class EcrError extends Error {
  abstract override readonly name: string;
  readonly fault: "client" | "server" = "client";

  get httpStatus(): number {
    return this.fault === "client" ? 400 : 500;
  }
}
