import type { EcrError, ErrorMembers } from "../ecr/ecr-error.ts";
import { commonErrors, SerializationException, UnmodeledError } from "../ecr/errors-common.ts";
import { decodeValue } from "./decode.ts";
import type { NullItems } from "./decode.ts";
import { encodeValue } from "./encode.ts";
import { operationOf } from "./table.ts";
import type { ServiceTable } from "./table.ts";

/** What an operation takes and answers. */
export interface OperationTypes {
  readonly input: unknown;
  readonly output: unknown;
}

export type OperationMap<M> = { readonly [N in keyof M]: OperationTypes };

export type ErrorClass = new (message: string, members?: ErrorMembers) => EcrError;

/** One service's AWS JSON 1.1, both ends of the wire. */
export interface Codec<M extends OperationMap<M>> {
  readonly table: ServiceTable;
  /** All names, in alphabetical order. */
  readonly operationNames: readonly (keyof M & string)[];
  isOperation(name: string): name is keyof M & string;
  /**
   * For a server. Bounds and required members are `assertValid`'s to check; until then a list may hold null.
   * @param json the parsed body; undefined stands for an empty one
   * @throws SerializationException a value has another JSON type than its shape
   */
  decodeInput<N extends keyof M & string>(operation: N, json: unknown): M[N]["input"];
  /** For a server. Undefined members are left out. */
  encodeOutput<N extends keyof M & string>(operation: N, output: M[N]["output"]): unknown;
  /** For a client. */
  encodeInput<N extends keyof M & string>(operation: N, input: M[N]["input"]): unknown;
  /**
   * For a client. Enum values that the table does not know pass through.
   * @throws SerializationException a value has another JSON type than its shape
   */
  decodeOutput<N extends keyof M & string>(operation: N, json: unknown): M[N]["output"];
  /** The body of an error answer: `__type`, `message` and what the exception carries besides. */
  encodeError(error: EcrError): Readonly<Record<string, unknown>>;
  /**
   * The error behind an answer that is not 2xx.
   * @param header the value of `x-amzn-errortype`, which counts when the body names no type
   */
  decodeError(json: unknown, status: number, header?: string): EcrError;
}

/** Binds the codec to one table and the classes of its exceptions. */
export function createCodec<M extends OperationMap<M>>(
  table: ServiceTable,
  exceptions: Readonly<Record<string, ErrorClass>>,
): Codec<M> {
  const names = Object.keys(table.operations) as (keyof M & string)[];
  const decode = (shape: string, json: unknown, nullItems: NullItems): never =>
    decodeValue(table, shape, json === undefined ? {} : json, nullItems) as never;
  const classes: Readonly<Record<string, ErrorClass>> = { ...commonErrors, ...exceptions };
  return {
    table,
    operationNames: names,
    isOperation: (name): name is keyof M & string => Object.hasOwn(table.operations, name),
    decodeInput: (operation, json) => decode(operationOf(table, operation).input, json, "keep"),
    encodeOutput: (operation, output) => encodeValue(table, operationOf(table, operation).output, output),
    encodeInput: (operation, input) => encodeValue(table, operationOf(table, operation).input, input),
    decodeOutput: (operation, json) => decode(operationOf(table, operation).output, json, "drop"),
    encodeError: (error) => encodeError(table, error),
    decodeError: (json, status, header) => decodeError(table, classes, { json, status, header }),
  };
}

function encodeError(table: ServiceTable, error: EcrError): Readonly<Record<string, unknown>> {
  const body: Record<string, unknown> = { __type: error.name, message: error.message };
  const carried = error as unknown as Readonly<Record<string, unknown>>;
  for (const [member, shape] of Object.entries(extraMembers(table, error.name))) {
    const value = carried[member];
    if (value !== undefined) body[member] = encodeValue(table, shape, value);
  }
  return body;
}

interface ErrorAnswer {
  readonly json: unknown;
  readonly status: number;
  readonly header: string | undefined;
}

function decodeError(
  table: ServiceTable,
  classes: Readonly<Record<string, ErrorClass>>,
  { json, status, header }: ErrorAnswer,
): EcrError {
  const body = typeof json === "object" && json !== null ? (json as Readonly<Record<string, unknown>>) : {};
  const name = codeOf(textAt(body, "__type") ?? textAt(body, "code") ?? header ?? "UnknownError");
  const message = textAt(body, "message") ?? textAt(body, "Message") ?? "";
  const errorClass = Object.hasOwn(classes, name) ? classes[name] : undefined;
  if (errorClass === undefined)
    return new UnmodeledError(message, { name, fault: status >= 500 ? "server" : "client" });
  const members: Record<string, unknown> = {};
  for (const [member, shape] of Object.entries(extraMembers(table, name))) {
    const given = Object.hasOwn(body, member) ? body[member] : undefined;
    if (given !== undefined && given !== null) members[member] = decodeIfWellTyped(table, shape, given);
  }
  return new errorClass(message, members);
}

/** A malformed extra must not hide the error that it came with. */
function decodeIfWellTyped(table: ServiceTable, shape: string, json: unknown): unknown {
  try {
    return decodeValue(table, shape, json, "drop");
  } catch (error) {
    if (error instanceof SerializationException) return undefined;
    throw error;
  }
}

function extraMembers(table: ServiceTable, name: string): Readonly<Record<string, string>> {
  return (Object.hasOwn(table.exceptions, name) ? table.exceptions[name]?.members : undefined) ?? {};
}

function textAt(body: Readonly<Record<string, unknown>>, member: string): string | undefined {
  const value = Object.hasOwn(body, member) ? body[member] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** Of `namespace#Code:http://…` the code: botocore reads it so. */
function codeOf(type: string): string {
  return type.slice(type.lastIndexOf("#") + 1).split(":", 1)[0] ?? type;
}
