import { commonErrors, UnmodeledError } from "@stowage/model";
import type { EcrError, ErrorClass } from "@stowage/model";
import type { HttpReply } from "../http.ts";

export type ErrorClasses = Readonly<Record<string, ErrorClass>>;

/**
 * The error behind an answer that is not 200. A code that no class stands for becomes an UnmodeledError of that name.
 * @param known classes by code, the first that has the code counts
 */
export function errorOf(reply: HttpReply, json: unknown, known: readonly ErrorClasses[]): EcrError {
  const { __type, code, message, Message, cause: _, ...members } = membersOf(json);
  const name = codeOf(textOf(__type) ?? textOf(code) ?? reply.headers["x-amzn-errortype"] ?? "UnknownError");
  const text = textOf(message) ?? textOf(Message) ?? (json === undefined ? `HTTP status ${reply.status}` : "");
  for (const classes of [...known, commonErrors as ErrorClasses]) {
    const errorClass = Object.hasOwn(classes, name) ? classes[name] : undefined;
    if (errorClass !== undefined) return new errorClass(text, members);
  }
  return new UnmodeledError(text, { name, fault: reply.status >= 500 ? "server" : "client" });
}

interface ErrorBody {
  readonly [member: string]: unknown;
  readonly __type?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly Message?: unknown;
  readonly cause?: unknown;
}

function membersOf(json: unknown): ErrorBody {
  return typeof json === "object" && json !== null ? (json as ErrorBody) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Of `namespace#Code:http://…` the code: botocore reads it so. */
function codeOf(type: string): string {
  return type.slice(type.lastIndexOf("#") + 1).split(":", 1)[0] ?? type;
}
