import { ecrSentences } from "../ecr/table/sentences/sentences.ts";
import { ecrTable } from "../ecr/table/table.ts";
import { ecrRules } from "../ecr/validate.ts";
import { memberSentence } from "../table/sentences.ts";
import { membersOf, shapeOf } from "../table/table.ts";
import type { Constraint, Scalar, StructureShape } from "../table/table.ts";
import type { JsonSchema } from "./json-schema-type.ts";

/**
 * Which way values travel. Inputs are held to every constraint and have no members besides those of the table. Outputs are
 * as open as a reader should be: further members and values of enums may come, and no bounds are told.
 */
export type Direction = "input" | "output";

export interface SchemaStyle {
  readonly direction: Direction;
  /** The `$ref` to the schema of a structure. */
  readonly refTo: (structure: string) => string;
}

const DEPRECATED = "Deprecated: ";
const INT32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
const SAFE_INTEGER = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };

/** Patterns that are no regular expressions of ECMA-262 with the flag `u`, which JSON Schema has in mind, in one that is. */
const UNICODE_PATTERNS: Readonly<Record<string, string>> = {
  CredentialArn: String.raw`^arn:aws(-\w+)*:secretsmanager:[a-zA-Z0-9\-:]+:secret:ecr-pullthroughcache\/[a-zA-Z0-9\/_+=.@\-]+$`,
};

/** The schema of a value of the shape, in which a structure is a reference. */
export function schemaOf(style: SchemaStyle, shapeName: string): JsonSchema {
  const shape = shapeOf(ecrTable, shapeName);
  const constraint = style.direction === "input" ? (ecrRules.constraints[shapeName] ?? {}) : {};
  if (typeof shape === "string") return scalarSchema(style, { shapeName, type: shape, constraint });
  if ("structure" in shape) return { $ref: style.refTo(shapeName) };
  if ("list" in shape) {
    return { type: "array", items: schemaOf(style, shape.list), ...itemBounds(constraint) };
  }
  return {
    type: "object",
    propertyNames: schemaOf(style, shape.key),
    additionalProperties: schemaOf(style, shape.map),
  };
}

/** The schema of a structure's members. */
export function structureSchema(style: SchemaStyle, name: string, shape: StructureShape): JsonSchema {
  const members = membersOf(shape);
  const required = members.filter((member) => member.required).map((member) => member.name);
  return {
    type: "object",
    ...descriptionOf(structureSentence(name)),
    properties: Object.fromEntries(
      members.map((member) => [member.name, memberSchema(style, name, { member: member.name, shape: member.shape })]),
    ),
    ...(required.length === 0 ? {} : { required }),
    ...(style.direction === "input" ? { additionalProperties: false } : {}),
  };
}

function memberSchema(
  style: SchemaStyle,
  structure: string,
  { member, shape }: { readonly member: string; readonly shape: string },
): JsonSchema {
  const sentence = memberSentence(ecrSentences, { structure, member, shape }) ?? "";
  const pattern = style.direction === "input" ? ecrRules.memberPatterns[`${structure}.${member}`] : undefined;
  const schema = schemaOf(style, shape);
  const unit =
    shapeOf(ecrTable, shape) === "timestamp" ? " In seconds since the epoch, with milliseconds as fraction." : "";
  return {
    ...schema,
    ...(pattern === undefined ? {} : { pattern: whole(pattern) }),
    ...descriptionOf(`${sentence}${unit}`),
  };
}

/** What a structure is; requests and responses are told by their operations. */
function structureSentence(name: string): string {
  for (const [operation, { input, output }] of Object.entries(ecrTable.operations)) {
    if (name === input) return `Input of ${operation}. ${ecrSentences.operations[operation] ?? ""}`;
    if (name === output) return `Answer of ${operation}.`;
  }
  return ecrSentences.structures[name] ?? "";
}

function descriptionOf(sentence: string): JsonSchema {
  if (sentence === "") return {};
  if (!sentence.startsWith(DEPRECATED)) return { description: sentence };
  return { description: sentence.slice(DEPRECATED.length), deprecated: true };
}

interface ScalarPlace {
  readonly shapeName: string;
  readonly type: Scalar;
  readonly constraint: Constraint;
}

function scalarSchema({ direction }: SchemaStyle, { shapeName, type, constraint }: ScalarPlace): JsonSchema {
  switch (type) {
    case "string":
      return stringSchema(direction, shapeName, constraint);
    case "integer":
      return { type: "integer", ...INT32, ...valueBounds(constraint) };
    case "long":
      return { type: "integer", ...SAFE_INTEGER, ...valueBounds(constraint) };
    case "double":
      return { type: "number", ...valueBounds(constraint) };
    case "boolean":
      return { type: "boolean" };
    case "timestamp":
      return { type: "number" };
    case "blob":
      return {
        type: "string",
        contentEncoding: "base64",
        ...(constraint.max === undefined ? {} : { maxLength: 4 * Math.ceil(constraint.max / 3) }),
      };
  }
}

function stringSchema(direction: Direction, shapeName: string, constraint: Constraint): JsonSchema {
  const values = ecrRules.constraints[shapeName]?.enum;
  if (values !== undefined) {
    return direction === "input" ? { type: "string", enum: values } : { anyOf: [{ enum: values }, { type: "string" }] };
  }
  const pattern = UNICODE_PATTERNS[shapeName] ?? ecrRules.safePatterns[shapeName] ?? constraint.pattern;
  return {
    type: "string",
    ...lengthBounds(constraint),
    ...(constraint.pattern === undefined || pattern === undefined ? {} : { pattern: whole(pattern) }),
  };
}

/** ECR's patterns match the whole value, anchored or not. */
function whole(pattern: string): string {
  return `^(?:${pattern})$`;
}

function lengthBounds({ min, max }: Constraint): JsonSchema {
  return {
    ...(min === undefined || min === 0 ? {} : { minLength: min }),
    ...(max === undefined ? {} : { maxLength: max }),
  };
}

function itemBounds({ min, max }: Constraint): JsonSchema {
  return {
    ...(min === undefined || min === 0 ? {} : { minItems: min }),
    ...(max === undefined ? {} : { maxItems: max }),
  };
}

function valueBounds({ min, max }: Constraint): JsonSchema {
  return { ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) };
}
