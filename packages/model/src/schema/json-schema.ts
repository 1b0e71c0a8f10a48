import { ecrSentences } from "../ecr/table/sentences/sentences.ts";
import { ecrTable } from "../ecr/table/table.ts";
import { shapeOf } from "../table/table.ts";
import type { ShapeName } from "./generated/shape-names.ts";
import type { JsonSchema } from "./json-schema-type.ts";
import { structuresIn } from "./reachable.ts";
import { schemaOf, structureSchema } from "./schema-of.ts";
import type { Direction, SchemaStyle } from "./schema-of.ts";

/**
 * The JSON Schema 2020-12 of a shape of the ECR API as it travels in JSON: times are numbers of seconds, blobs base64.
 * Structures that it is made of stand under `$defs`. JSON Schema counts code points where ECR counts UTF-16 units.
 * @param options.direction `input` holds to every constraint, `output` leaves enums and members open; without it responses
 * are outputs and all else is input
 */
export function jsonSchema(shapeName: ShapeName, options: { readonly direction?: Direction } = {}): JsonSchema {
  const style: SchemaStyle = {
    direction: options.direction ?? (shapeName.endsWith("Response") ? "output" : "input"),
    refTo: (structure) => `#/$defs/${structure}`,
  };
  const inner = [...structuresIn(ecrTable, [shapeName])].filter((name) => name !== shapeName).toSorted();
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: shapeName,
    ...rootSchema(style, shapeName),
    ...(inner.length === 0 ? {} : { $defs: Object.fromEntries(inner.map((name) => [name, rootSchema(style, name)])) }),
  };
}

function rootSchema(style: SchemaStyle, shapeName: string): JsonSchema {
  const shape = shapeOf(ecrTable, shapeName);
  if (typeof shape === "string" || !("structure" in shape)) {
    const description = ecrSentences.shapes[shapeName];
    return { ...schemaOf(style, shapeName), ...(description === undefined ? {} : { description }) };
  }
  return structureSchema(style, shapeName, shape);
}
