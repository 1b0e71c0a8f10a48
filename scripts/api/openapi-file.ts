import { ecrSentences } from "../../packages/model/src/ecr/table/sentences/sentences.ts";
import { ecrTable } from "../../packages/model/src/ecr/table/table.ts";
import type { JsonSchema } from "../../packages/model/src/schema/json-schema-type.ts";
import { structuresIn } from "../../packages/model/src/schema/reachable.ts";
import { schemaOf, structureSchema } from "../../packages/model/src/schema/schema-of.ts";
import type { Direction, SchemaStyle } from "../../packages/model/src/schema/schema-of.ts";
import { operationOf, shapeOf } from "../../packages/model/src/table/table.ts";
import { commonErrorSentences, operationSentence, resources, structureMembers } from "./facts.ts";

const MEDIA_TYPE = "application/x-amz-json-1.1";
const SCHEMAS = "#/components/schemas/";
/** The schema of what every operation may answer with status 400. */
const COMMON_ERROR = "CommonError";
/** Has a status of its own. */
const TOO_LARGE = "RequestEntityTooLargeException";

const entries = Object.values(ecrTable.operations);
const inInputs = structuresIn(
  ecrTable,
  entries.map(({ input }) => input),
);
const inOutputs = structuresIn(
  ecrTable,
  entries.map(({ output }) => output),
);

/** A structure that travels both ways has two schemas: what may be sent is narrower than what may come. */
const styles: Readonly<Record<Direction, SchemaStyle>> = {
  input: { direction: "input", refTo: (structure) => `${SCHEMAS}${structure}` },
  output: { direction: "output", refTo: (structure) => `${SCHEMAS}${outputName(structure)}` },
};

function outputName(structure: string): string {
  return inInputs.has(structure) ? `${structure}Output` : structure;
}

/** The API as OpenAPI 3.1. */
export function openApiFile(): string {
  const document = {
    openapi: "3.1.1",
    info: {
      title: "Amazon ECR API, as served by Stowage",
      version: ecrTable.apiVersion,
      summary: "A registry of container images",
      description: [
        "Every operation is a POST to `/` whose header `X-Amz-Target` names it. As OpenAPI tells operations apart by path, each",
        "path here ends in a fragment that repeats the target; clients send no fragments, so all of them arrive at `/`.",
        "Bodies are AWS JSON 1.1: times are numbers of seconds since the epoch, bytes are base64, `null` counts as absent.",
        "JSON Schema counts the length of texts in code points, the service in UTF-16 units.",
      ].join(" "),
    },
    servers: [
      { url: "http://localhost:5100", description: "Stowage on this machine" },
      {
        url: "https://api.ecr.{region}.amazonaws.com",
        description: "Amazon ECR",
        variables: { region: { default: "us-east-1" } },
      },
    ],
    security: [{ sigV4: [] }],
    tags: resources.map(([name]) => ({ name })),
    paths: Object.fromEntries(
      resources.flatMap(([resource, operations]) =>
        operations.map((name) => [`/#X-Amz-Target=${target(name)}`, { post: operationObject(name, resource) }]),
      ),
    ),
    components: {
      schemas: schemas(),
      responses: {
        TooLarge: answer(commonErrorSentences[TOO_LARGE] ?? "", {
          $ref: `${SCHEMAS}RequestEntityTooLargeException`,
        }),
      },
      securitySchemes: {
        sigV4: {
          type: "apiKey",
          in: "header",
          name: "Authorization",
          description: `AWS Signature Version 4 with service name \`${ecrTable.signingName}\`: \`AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…\` beside the headers \`X-Amz-Date\` and, for temporary credentials, \`X-Amz-Security-Token\`.`,
        },
      },
    },
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function target(operation: string): string {
  return `${ecrTable.targetPrefix}.${operation}`;
}

function operationObject(name: string, resource: string): object {
  const { input, output, errors } = operationOf(ecrTable, name);
  const faults = (fault: "client" | "server"): readonly string[] =>
    errors.filter((error) => ecrTable.exceptions[error]?.fault === fault);
  return {
    operationId: name,
    tags: [resource],
    summary: operationSentence(name),
    parameters: [{ name: "X-Amz-Target", in: "header", required: true, schema: { const: target(name) } }],
    requestBody: {
      required: structureMembers(input).some(({ required }) => required),
      content: { [MEDIA_TYPE]: { schema: { $ref: `${SCHEMAS}${input}` } } },
    },
    responses: {
      200: answer("Done.", { $ref: `${SCHEMAS}${output}` }),
      400: answer(
        `Refused: ${faults("client").join(", ")}, or an error that all operations share.`,
        oneOf([...faults("client"), COMMON_ERROR]),
      ),
      413: { $ref: "#/components/responses/TooLarge" },
      500: answer("The server failed.", oneOf(faults("server"))),
    },
  };
}

function answer(description: string, schema: object): object {
  return { description, content: { [MEDIA_TYPE]: { schema } } };
}

/** `__type` tells which one it is. */
function oneOf(names: readonly string[]): object {
  const refs = names.map((name) => ({ $ref: `${SCHEMAS}${name}` }));
  return refs.length === 1 ? (refs[0] ?? {}) : { oneOf: refs };
}

function schemas(): Readonly<Record<string, object>> {
  const common = Object.keys(commonErrorSentences).filter((name) => name !== TOO_LARGE);
  const named: (readonly [string, object])[] = [
    ...[...inInputs].map((name) => [name, structure(styles.input, name)] as const),
    ...[...inOutputs].map((name) => [outputName(name), structure(styles.output, name)] as const),
    ...Object.entries(ecrTable.exceptions).map(
      ([name, { members }]) => [name, errorSchema(name, ecrSentences.exceptions[name] ?? "", members)] as const,
    ),
    ...Object.entries(commonErrorSentences).map(([name, sentence]) => [name, errorSchema(name, sentence)] as const),
    [COMMON_ERROR, { description: "Errors that every operation may answer.", ...oneOf(common) }],
  ];
  const all = Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  if (Object.keys(all).length !== named.length) throw new Error("Two schemas have one name");
  return all;
}

function structure(style: SchemaStyle, name: string): JsonSchema {
  const shape = shapeOf(ecrTable, name);
  if (typeof shape === "string" || !("structure" in shape)) throw new Error(`${name} is no structure`);
  return structureSchema(style, name, shape);
}

function errorSchema(name: string, description: string, members: Readonly<Record<string, string>> = {}): object {
  const further = Object.entries(members).map(([member, shape]) => [member, schemaOf(styles.output, shape)] as const);
  return {
    type: "object",
    description,
    properties: { __type: { const: name }, message: { type: "string" }, ...Object.fromEntries(further) },
    required: ["__type"],
  };
}
