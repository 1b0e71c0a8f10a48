import type { EcrClient } from "@stowage/client";
import {
  ecrCodec,
  ecrTable,
  InvalidParameterException,
  membersOf,
  operationOf,
  SerializationException,
  shapeOf,
  validate,
} from "@stowage/model";
import type { OperationName, ShapeName } from "@stowage/model";
import { Failure } from "../exit-codes.ts";
import { isObject, type Params } from "./messages.ts";

/** What a tool answers, failed or not. */
export interface ToolResult {
  readonly content: readonly { readonly type: "text"; readonly text: string }[];
  readonly structuredContent?: unknown;
  readonly isError?: true;
}

export interface Call {
  readonly operation: OperationName;
  readonly input: Params;
  readonly signal: AbortSignal;
}

/** A registry that may have to be found anew, as after its server was started again. */
export interface Registry {
  connect(): Promise<EcrClient>;
  /** Nobody answered there: the next `connect` looks again. */
  forget(): void;
}

/** An answer that is longer as JSON is not passed on. */
export const MAX_RESULT_CHARACTERS = 1024 * 1024;
const TIMEOUT_MS = 30_000;
/** More unknown members are not named. */
const MAX_UNKNOWN = 20;

/**
 * Calls an operation with JSON as input. What the registry or validation refuses is a result that says so, in ECR's words, so
 * that who asked can try otherwise.
 */
export async function callTool(registry: Registry, { operation, input, signal }: Call): Promise<ToolResult> {
  try {
    const decoded = decode(operation, input);
    const complaint = complaintAbout(operation, decoded);
    if (complaint !== undefined) return failure(complaint);
    const ecr = await registry.connect();
    const called = { operationName: operation, errors: {} };
    const output = await ecr.call(called, decoded, { signal, timeoutMs: TIMEOUT_MS });
    return success(ecrCodec.encodeOutput(operation, output));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "NoAnswerError" || error.name === "TimeoutError") registry.forget();
    return failure(error instanceof Failure ? [error.message, ...error.hints].join("\n") : told(error));
  }
}

/** @throws SerializationException @throws InvalidParameterException there is no such member */
function decode(operation: OperationName, json: Params): object {
  const unknown = unknownMembers(operationOf(ecrTable, operation).input, json, "").slice(0, MAX_UNKNOWN);
  if (unknown.length > 0) throw new InvalidParameterException(`${operation} has no ${unknown.join(", ")}`);
  for (const [name, value] of Object.entries(json)) {
    try {
      ecrCodec.decodeInput(operation, { [name]: value });
    } catch (error) {
      // ECR does not say where, but who is to do better needs to know.
      throw error instanceof SerializationException
        ? new SerializationException(`${error.message} (at ${name})`, { cause: error })
        : error;
    }
  }
  return ecrCodec.decodeInput(operation, json);
}

function complaintAbout(operation: OperationName, input: object): string | undefined {
  // The input of an operation is a shape of the table.
  const issues = validate(operationOf(ecrTable, operation).input as ShapeName, input);
  if (issues.length === 0) return undefined;
  return told(new InvalidParameterException(issues.map(({ message }) => message).join("\n")));
}

function told({ name, message }: Error): string {
  return `${name}: ${message}`;
}

/** ECR passes over members that it does not know, but who misspells a filter should not be answered as if there were none. */
function unknownMembers(shapeName: string, json: unknown, path: string): readonly string[] {
  const shape = shapeOf(ecrTable, shapeName);
  if (typeof shape === "string") return [];
  if ("list" in shape) {
    if (!Array.isArray(json)) return [];
    return json.flatMap((item: unknown, index) => unknownMembers(shape.list, item, `${path}[${index}]`));
  }
  if (!isObject(json) || !("structure" in shape)) return [];
  const members = new Map(membersOf(shape).map((member) => [member.name, member.shape]));
  const prefix = path === "" ? "" : `${path}.`;
  return Object.entries(json).flatMap(([name, value]) => {
    const member = members.get(name);
    return member === undefined
      ? [`${prefix}${name.slice(0, 100)}`]
      : unknownMembers(member, value, `${prefix}${name}`);
  });
}

function success(structuredContent: unknown): ToolResult {
  const text = JSON.stringify(structuredContent);
  if (text.length > MAX_RESULT_CHARACTERS) {
    return failure(
      `The operation was done, but its answer of ${text.length} characters is over the ${MAX_RESULT_CHARACTERS} that are ` +
        `passed on. Ask for less, with maxResults or fewer names.`,
    );
  }
  return { content: [{ type: "text", text }], structuredContent };
}

function failure(text: string): ToolResult {
  return { content: [{ type: "text", text }], isError: true };
}
