import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adminCodec } from "../admin/codec.ts";
import { createCodec } from "../table/codec.ts";
import type { Codec, ErrorClass, OperationTypes } from "../table/codec.ts";
import { MAX_SHAPE_DEPTH } from "../table/decode.ts";
import { membersOf, shapeOf } from "../table/table.ts";
import type { Scalar, ServiceTable } from "../table/table.ts";
import { ecrCodec } from "./codec.ts";
import { SerializationException, UnmodeledError } from "./errors-common.ts";
import {
  ecrExceptions,
  InvalidLayerPartException,
  KmsException,
  RepositoryNotFoundException,
  ServerException,
} from "./generated/errors.ts";

const SCALARS: Readonly<Record<Scalar, fc.Arbitrary<unknown>>> = {
  string: fc.string({ maxLength: 12 }),
  integer: fc.integer(),
  long: fc.maxSafeInteger(),
  double: fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  boolean: fc.boolean(),
  timestamp: fc.date({ min: new Date(0), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true }),
  blob: fc.uint8Array({ maxLength: 20 }),
};

/** Any value of a shape, members given or not as it comes, hostile keys in maps. */
function valueOf(table: ServiceTable, name: string): fc.Arbitrary<unknown> {
  const shape = shapeOf(table, name);
  if (typeof shape === "string") return SCALARS[shape];
  if ("list" in shape) return fc.array(valueOf(table, shape.list), { maxLength: 3 });
  if ("map" in shape) {
    const key = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom("__proto__", "constructor", "toString"));
    return fc.array(fc.tuple(key, valueOf(table, shape.map)), { maxLength: 3 }).map((all) => Object.fromEntries(all));
  }
  const members = membersOf(shape).map((member) => [member.name, valueOf(table, member.shape)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: [] }).map((value) => ({ ...value }));
}

type AnyCodec = Codec<Readonly<Record<string, OperationTypes>>>;

describe.each([ecrCodec as unknown as AnyCodec, adminCodec as unknown as AnyCodec])(
  "the codec of $table.targetPrefix",
  (codec) => {
    const { table } = codec;
    const wire = (json: unknown): unknown => JSON.parse(JSON.stringify(json));

    it.each(codec.operationNames)("carries input and output of %s unchanged", (operation) => {
      const { input, output } = table.operations[operation] ?? { input: "", output: "" };
      fc.assert(
        fc.property(valueOf(table, input), valueOf(table, output), (request, answer) => {
          expect(codec.decodeInput(operation, wire(codec.encodeInput(operation, request)))).toEqual(request);
          expect(codec.decodeOutput(operation, wire(codec.encodeOutput(operation, answer)))).toEqual(answer);
        }),
        { numRuns: 25 },
      );
    });

    it("takes any JSON without another failure than SerializationException", () => {
      fc.assert(
        fc.property(fc.constantFrom(...codec.operationNames), fc.jsonValue({ maxDepth: 4 }), (name, json) => {
          expect([undefined, "SerializationException"]).toContain(failureOf(() => codec.decodeInput(name, json)));
        }),
        { numRuns: 2000 },
      );
    });
  },
);

function failureOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

describe("decoding a request", () => {
  it("reads base64 as bytes and leaves unknown members out", () => {
    const json = { uploadId: "u", partFirstByte: 0, layerPartBlob: "AAECAw==", colour: { red: 1 } };
    expect(ecrCodec.decodeInput("UploadLayerPart", json)).toEqual({
      uploadId: "u",
      partFirstByte: 0,
      layerPartBlob: Uint8Array.of(0, 1, 2, 3),
    });
  });

  it("takes no body as an empty one and null as absent", () => {
    expect(ecrCodec.decodeInput("DescribeRepositories", undefined)).toEqual({});
    const decoded = ecrCodec.decodeInput("DescribeRepositories", { nextToken: null, maxResults: 5 });
    expect(decoded).toStrictEqual({ maxResults: 5 });
  });

  it("keeps null inside a list for validation to refuse", () => {
    expect(ecrCodec.decodeInput("DescribeRepositories", { repositoryNames: [null, "app"] })).toEqual({
      repositoryNames: [null, "app"],
    });
  });

  it.each([
    ["text for a number", { maxResults: "5" }, "STRING_VALUE cannot be converted to Integer"],
    ["a fraction for an integer", { maxResults: 1.5 }, "DECIMAL_VALUE cannot be converted to Integer"],
    ["more than 32 bits", { maxResults: 2 ** 31 }, "NUMBER_VALUE cannot be converted to Integer"],
    ["a number for text", { nextToken: 5 }, "NUMBER_VALUE cannot be converted to String"],
    ["true for text", { nextToken: true }, "TRUE_VALUE cannot be converted to String"],
    ["false for a number", { maxResults: false }, "FALSE_VALUE cannot be converted to Integer"],
    ["an object for text", { nextToken: {} }, "Start of structure or map found where not expected."],
    ["a list for text", { nextToken: [] }, "Start of list found where not expected"],
    ["text for a list", { repositoryNames: "app" }, "Expected list or null"],
    ["an object for a list", { repositoryNames: {} }, "Start of structure or map found where not expected."],
    ["a list for the request", [], "Start of list found where not expected"],
    ["text for the request", "app", "Unexpected value type in payload"],
    ["null for the request", null, "Unexpected value type in payload"],
  ])("refuses %s", (_case, json, message) => {
    expect(() => ecrCodec.decodeInput("DescribeRepositories", json)).toThrow(new SerializationException(message));
  });

  it("takes the largest 32-bit integer and the largest exact long", () => {
    expect(ecrCodec.decodeInput("DescribeRepositories", { maxResults: 2 ** 31 - 1 })).toEqual({
      maxResults: 2 ** 31 - 1,
    });
    const input = ecrCodec.decodeInput("UploadLayerPart", { partFirstByte: Number.MAX_SAFE_INTEGER });
    expect(input.partFirstByte).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => ecrCodec.decodeInput("UploadLayerPart", { partFirstByte: 2 ** 53 })).toThrow(SerializationException);
  });

  it("refuses bytes that are not base64", () => {
    expect(() => ecrCodec.decodeInput("UploadLayerPart", { layerPartBlob: "%%%" })).toThrow("Invalid base64 data");
    expect(() => ecrCodec.decodeInput("UploadLayerPart", { layerPartBlob: 1 })).toThrow(
      "NUMBER_VALUE cannot be converted to Blob",
    );
  });

  it("never lets a body reach a prototype", () => {
    const body: unknown = JSON.parse('{"__proto__":{"nextToken":"x"},"constructor":{"prototype":{"polluted":1}}}');
    const input = ecrCodec.decodeInput("DescribeRepositories", body);
    expect(input).toStrictEqual({});
    expect(input.nextToken).toBeUndefined();
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
    expect({}).not.toHaveProperty("polluted");
  });

  it("keeps a map's key named __proto__ as a key", () => {
    const body: unknown = JSON.parse('{"referrers":[{"annotations":{"__proto__":"x"}}]}');
    const annotations = ecrCodec.decodeOutput("ListImageReferrers", body).referrers?.[0]?.annotations ?? {};
    expect(Object.entries(annotations)).toEqual([["__proto__", "x"]]);
    expect(Object.getPrototypeOf(annotations)).toBe(Object.prototype);
  });

  it("takes a body nested without end where nothing is expected", () => {
    const depth = 200_000;
    const body: unknown = JSON.parse(`{"colour":${"[".repeat(depth)}${"]".repeat(depth)}}`);
    expect(ecrCodec.decodeInput("DescribeRepositories", body)).toEqual({});
  });
});

describe("encoding an answer", () => {
  it("writes times as epoch seconds with milliseconds as fraction", () => {
    const encoded = ecrCodec.encodeOutput("DescribeRepositories", {
      repositories: [{ createdAt: new Date(1_448_875_853_241) }, { createdAt: new Date(0) }],
    });
    expect(encoded).toEqual({ repositories: [{ createdAt: 1_448_875_853.241 }, { createdAt: 0 }] });
  });

  it("leaves undefined members and members that the table does not know out", () => {
    const output = { repositories: [], nextToken: undefined, secret: "x" };
    expect(ecrCodec.encodeOutput("DescribeRepositories", output)).toStrictEqual({ repositories: [] });
  });

  it("fails on a time that is none", () => {
    const output = { repositories: [{ createdAt: new Date(Number.NaN) }] };
    expect(() => ecrCodec.encodeOutput("DescribeRepositories", output)).toThrow(TypeError);
  });
});

describe("decoding an answer", () => {
  it("drops null from lists and lets unknown enum values pass", () => {
    const json = { repositories: [null, { imageTagMutability: "LIQUID", createdAt: 1.5 }] };
    expect(ecrCodec.decodeOutput("DescribeRepositories", json)).toEqual({
      repositories: [{ imageTagMutability: "LIQUID", createdAt: new Date(1500) }],
    });
  });

  it.each(["2020-01-01", 1e15, true])("refuses the time %j", (createdAt) => {
    const json = { repositories: [{ createdAt }] };
    expect(() => ecrCodec.decodeOutput("DescribeRepositories", json)).toThrow(SerializationException);
  });
});

describe("a table that refers to itself", () => {
  const table: ServiceTable = {
    targetPrefix: "Test",
    signingName: "test",
    apiVersion: "1",
    shapes: { Node: { structure: { next: "Node" } } },
    operations: { Walk: { input: "Node", output: "Node", errors: [] } },
    exceptions: {},
  };
  const codec = createCodec<{ Walk: { input: unknown; output: unknown } }>(table, {});
  const nested = (depth: number): unknown => JSON.parse(`${'{"next":'.repeat(depth)}{}${"}".repeat(depth)}`);

  it("is walked to its limit", () => {
    expect(codec.decodeInput("Walk", nested(MAX_SHAPE_DEPTH))).toEqual(nested(MAX_SHAPE_DEPTH));
    expect(codec.encodeOutput("Walk", nested(MAX_SHAPE_DEPTH))).toEqual(nested(MAX_SHAPE_DEPTH));
  });

  it("is refused one past it", () => {
    expect(() => codec.decodeInput("Walk", nested(MAX_SHAPE_DEPTH + 1))).toThrow(SerializationException);
    expect(() => codec.encodeOutput("Walk", nested(MAX_SHAPE_DEPTH + 1))).toThrow(TypeError);
  });
});

describe("names of operations", () => {
  it("are those of the table alone", () => {
    expect(ecrCodec.isOperation("PutImage")).toBe(true);
    expect(ecrCodec.isOperation("putImage")).toBe(false);
    expect(ecrCodec.isOperation("constructor")).toBe(false);
    expect(ecrCodec.isOperation("__proto__")).toBe(false);
    expect(ecrCodec.operationNames).toHaveLength(62);
  });
});

describe("errors on the wire", () => {
  it("carry code, message and members", () => {
    const members = { registryId: "123456789012", repositoryName: "app", uploadId: "u", lastValidByteReceived: 9 };
    const error = new InvalidLayerPartException("Wrong place", members);
    const body = ecrCodec.encodeError(error);
    expect(body).toEqual({ __type: "InvalidLayerPartException", message: "Wrong place", ...members });
    const decoded = ecrCodec.decodeError(body, 400);
    expect(decoded).toBeInstanceOf(InvalidLayerPartException);
    expect(decoded).toMatchObject({ message: "Wrong place", ...members });
    expect(ecrCodec.encodeError(new KmsException("No key", { kmsError: "Disabled" }))).toMatchObject({
      kmsError: "Disabled",
    });
  });

  it.each(Object.entries<ErrorClass>(ecrExceptions))("know %s by its name", (name, errorClass) => {
    const error = new errorClass("text");
    expect(error.name).toBe(name);
    expect(error.httpStatus).toBe(name === "ServerException" ? 500 : 400);
    expect(ecrCodec.decodeError(ecrCodec.encodeError(error), error.httpStatus)).toBeInstanceOf(errorClass);
  });

  it("leave members out that were not given", () => {
    expect(ecrCodec.encodeError(new KmsException("No key"))).toStrictEqual({
      __type: "KmsException",
      message: "No key",
    });
  });

  it.each([
    ["a namespace", { __type: "com.amazonaws.ecr#RepositoryNotFoundException", message: "m" }, undefined],
    ["an address behind", { __type: "RepositoryNotFoundException:http://x/", Message: "m" }, undefined],
    ["code", { code: "RepositoryNotFoundException", message: "m" }, undefined],
    ["the header", { message: "m" }, "RepositoryNotFoundException:http://x/"],
  ])("are read with %s", (_case, body, header) => {
    const error = ecrCodec.decodeError(body, 400, header);
    expect(error).toBeInstanceOf(RepositoryNotFoundException);
    expect(error.message).toBe("m");
  });

  it.each([[undefined], [null], ["<html>"], [[]], [{ __type: 5, message: {} }], [{ __type: "constructor" }]])(
    "are unmodeled for the body %j",
    (body) => {
      const error = ecrCodec.decodeError(body, 503);
      expect(error).toBeInstanceOf(UnmodeledError);
      expect(error.fault).toBe("server");
    },
  );

  it("survive members of the wrong type", () => {
    const error = ecrCodec.decodeError({ __type: "InvalidLayerPartException", lastValidByteReceived: "x" }, 400);
    expect(error).toBeInstanceOf(InvalidLayerPartException);
    expect(error).toMatchObject({ lastValidByteReceived: undefined });
  });

  it("keep the cause to themselves", () => {
    const error = new ServerException("Failed", { cause: new Error("disk on fire") });
    expect(error.cause).toBeInstanceOf(Error);
    expect(JSON.stringify(ecrCodec.encodeError(error))).not.toContain("fire");
  });
});
