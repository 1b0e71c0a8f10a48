import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ecrTable } from "../ecr/table/table.ts";
import { decodeValue } from "../table/decode.ts";
import { membersOf, shapeOf } from "../table/table.ts";
import { ecrRules } from "../ecr/validate.ts";
import type { ShapeName } from "./generated/shape-names.ts";
import { jsonSchema } from "./json-schema.ts";
import type { JsonSchema } from "./json-schema-type.ts";
import { validate } from "./validate.ts";

const shapeNames = Object.keys(ecrTable.shapes) as ShapeName[];
const inputs = Object.values(ecrTable.operations).map(({ input }) => input as ShapeName);
const outputs = Object.values(ecrTable.operations).map(({ output }) => output as ShapeName);

function reader(schema: JsonSchema): (json: unknown) => boolean {
  const type = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  return (json) => type.safeParse(json).success;
}

function* within(schema: JsonSchema): Generator<JsonSchema> {
  yield schema;
  const inner = [schema.items, schema.additionalProperties, schema.propertyNames, ...(schema.anyOf ?? [])];
  for (const found of [...inner, ...Object.values(schema.properties ?? {}), ...Object.values(schema.$defs ?? {})]) {
    if (found !== undefined && found !== false) yield* within(found);
  }
}

describe("the JSON Schema of every shape", () => {
  it.each(["input", "output"] as const)("refers only to what it holds, as %s", (direction) => {
    for (const name of shapeNames) {
      const schema = jsonSchema(name, { direction });
      expect(schema).toMatchObject({ $schema: "https://json-schema.org/draft/2020-12/schema", title: name });
      const refs = [...within(schema)].flatMap(({ $ref }) => ($ref === undefined ? [] : [$ref]));
      const present = Object.keys(schema.$defs ?? {}).map((inner) => `#/$defs/${inner}`);
      expect({ name, refs: [...new Set(refs)].toSorted() }).toEqual({ name, refs: present.toSorted() });
      expect(() => reader(schema)).not.toThrow();
    }
  });

  it("has patterns that every reader takes", () => {
    const schemas = shapeNames.flatMap((name) => [...within(jsonSchema(name))]);
    const patterns = new Set(schemas.flatMap(({ pattern }) => (pattern === undefined ? [] : [pattern])));
    expect(patterns.size).toBeGreaterThan(15);
    for (const pattern of patterns) expect(() => new RegExp(pattern, "u")).not.toThrow();
  });

  it("tells of every member", () => {
    for (const name of [...inputs, ...outputs]) {
      for (const schema of within(jsonSchema(name))) {
        for (const [member, { description }] of Object.entries(schema.properties ?? {})) {
          expect({ name, member, description }).toMatchObject({ description: expect.stringMatching(/^[A-Z`].*\.$/) });
        }
      }
    }
  });
});

describe("the JSON Schema of a request", () => {
  it("holds what the service asks for", () => {
    expect(jsonSchema("PutImageRequest")).toEqual({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "PutImageRequest",
      type: "object",
      description: expect.stringContaining("Input of PutImage."),
      properties: {
        registryId: { type: "string", pattern: "^(?:[0-9]{12})$", description: expect.any(String) },
        repositoryName: {
          type: "string",
          minLength: 2,
          maxLength: 256,
          pattern: expect.any(String),
          description: expect.any(String),
        },
        imageManifest: { type: "string", minLength: 1, maxLength: 4_194_304, description: expect.any(String) },
        imageManifestMediaType: { type: "string", description: expect.any(String) },
        imageTag: {
          type: "string",
          minLength: 1,
          maxLength: 300,
          pattern: "^(?:[a-zA-Z0-9-_.]+)$",
          description: expect.any(String),
        },
        imageDigest: { type: "string", description: expect.any(String) },
      },
      required: ["repositoryName", "imageManifest"],
      additionalProperties: false,
    });
  });

  it("keeps structures under $defs and says how bytes travel", () => {
    const schema = jsonSchema("CreateRepositoryRequest");
    expect(schema.properties?.["encryptionConfiguration"]).toMatchObject({ $ref: "#/$defs/EncryptionConfiguration" });
    expect(schema.$defs?.["EncryptionConfiguration"]?.properties?.["encryptionType"]).toMatchObject({
      type: "string",
      enum: ["AES256", "KMS", "KMS_DSSE"],
    });
    expect(jsonSchema("UploadLayerPartRequest").properties?.["layerPartBlob"]).toMatchObject({
      type: "string",
      contentEncoding: "base64",
      maxLength: 27_962_028,
    });
  });

  it("marks what is deprecated", () => {
    const { registryIds } = jsonSchema("GetAuthorizationTokenRequest").properties ?? {};
    expect(registryIds).toMatchObject({ deprecated: true, description: expect.stringMatching(/^A token is good/) });
  });

  it("takes exactly what validation takes", () => {
    let taken = 0;
    for (const name of inputs) {
      const takes = reader(jsonSchema(name));
      fc.assert(
        fc.property(valueOf(name), (json) => {
          const issues = issuesOf(name, json);
          if (issues.length === 0) taken += 1;
          expect({ name, json, taken: takes(json), issues }).toMatchObject({ taken: issues.length === 0 });
        }),
        { numRuns: 30 },
      );
    }
    expect(taken).toBeGreaterThan(200);
  });
});

/** What is wrong with JSON: its types, as the decoder sees them, or its values. */
function issuesOf(name: ShapeName, json: unknown): readonly string[] {
  try {
    return validate(name, decodeValue(ecrTable, name, json, "keep")).map(({ message }) => message);
  } catch (error) {
    return [String(error)];
  }
}

/** Values that mostly fit, some on a bound, some beside it. */
function valueOf(name: string): fc.Arbitrary<unknown> {
  const shape = shapeOf(ecrTable, name);
  const { min, max, pattern, enum: values } = ecrRules.constraints[name] ?? {};
  if (typeof shape === "string") {
    if (shape === "boolean") return fc.oneof({ weight: 9, arbitrary: fc.boolean() }, fc.constant("true"));
    if (shape === "blob") return fc.constantFrom("", "AAAA", "aGVsbG8=");
    if (shape !== "string") return fc.constantFrom(min ?? 1, max ?? 7, (min ?? 1) - 1, (max ?? 7) + 1, 2 ** 31);
    if (values !== undefined) return fc.constantFrom(...values, ...values, "OTHER");
    const edges = [min ?? 0, (min ?? 1) - 1, max ?? 3, (max ?? 3) + 1].filter((size) => size >= 0 && size < 5000);
    const texts = [fc.constantFrom(...edges.map((size) => "a".repeat(size))), fc.constantFrom("", "A b", "x/y", "1:2")];
    const fitting =
      pattern === undefined ? fc.stringMatching(/^[a-z]{2,60}$/) : fc.stringMatching(new RegExp(`^(?:${pattern})$`));
    return fc.oneof({ weight: 12, arbitrary: fitting }, ...texts);
  }
  if ("list" in shape) {
    const most = Math.min(max ?? 3, 6);
    return fc.array(valueOf(shape.list), {
      minLength: Math.max(0, (min ?? 0) - 1),
      maxLength: most + 1,
      size: "xsmall",
    });
  }
  if ("map" in shape)
    return fc.dictionary(valueOf(shape.key) as fc.Arbitrary<string>, valueOf(shape.map), { maxKeys: 3 });
  const members = membersOf(shape);
  const record = Object.fromEntries(members.map((member) => [member.name, valueOf(member.shape)]));
  const requiredKeys = members.filter(({ required }) => required).map((member) => member.name);
  return fc.oneof(
    { weight: 9, arbitrary: fc.record(record, { requiredKeys }) },
    fc.record(record, { requiredKeys: [] }),
  );
}

describe("the JSON Schema of an answer", () => {
  it("leaves room for members and values of a later version, and for what constraints of requests forbid", () => {
    const takes = reader(jsonSchema("DescribeRepositoriesResponse"));
    expect(
      takes({ repositories: [{ imageTagMutability: "LATER", registryId: "x", createdAt: 1.5, later: true }] }),
    ).toBe(true);
    expect(reader(jsonSchema("ListImagesResponse"))({ imageIds: [] })).toBe(true);
  });

  it("still knows types", () => {
    const takes = reader(jsonSchema("DescribeRepositoriesResponse"));
    expect(takes({ repositories: {} })).toBe(false);
    expect(takes({ repositories: [{ createdAt: "2026-01-01T00:00:00Z" }] })).toBe(false);
  });

  it("is open for an inner structure when that is asked for", () => {
    expect(reader(jsonSchema("EncryptionConfiguration"))({ encryptionType: "LATER" })).toBe(false);
    expect(reader(jsonSchema("EncryptionConfiguration", { direction: "output" }))({ encryptionType: "LATER" })).toBe(
      true,
    );
  });
});
