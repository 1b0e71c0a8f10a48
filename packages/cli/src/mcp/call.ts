import type { EcrClient } from "@stowage/client";
import { ecrCodec, ecrTable, membersOf, operationOf, shapeOf, validate } from "@stowage/model";
import type { OperationName, ShapeName } from "@stowage/model";
import { isObject, type Params } from "./messages.ts";

/** What a tool answers, failed or not. */
export interface ToolResult {
  readonly content: readonly { readonly type: "text"; readonly text: string }[];
  readonly structuredContent?: object;
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
    const complaint = complaintAbout(operation, input);
    if (complaint !== undefined) return failure(complaint);
    const ecr = await registry.connect();
    const decoded = ecrCodec.decodeInput(operation, input);
    const called = { operationName: operation, errors: {} };
    const output = await ecr.call(called, decoded, { signal, timeoutMs: TIMEOUT_MS });
    return success(ecrCodec.encodeOutput(operation, output));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "NoAnswerError" || error.name === "TimeoutError") registry.forget();
    return failure(`${error.name}: ${error.message}`);
  }
}

function complaintAbout(operation: OperationName, json: Params): string | undefined {
  const { input: shapeName } = operationOf(ecrTable, operation);
  const unknown = unknownMembers(shapeName, json, "").slice(0, MAX_UNKNOWN);
  if (unknown.length > 0) return `InvalidParameterException: ${operation} has no ${unknown.join(", ")}`;
  // The input of an operation is a shape of the table.
  const issues = validate(shapeName as ShapeName, ecrCodec.decodeInput(operation, json));
  if (issues.length === 0) return undefined;
  return `InvalidParameterException: ${issues.map(({ message }) => message).join("\n")}`;
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

function success(structuredContent: object): ToolResult {
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
