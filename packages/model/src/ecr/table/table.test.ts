import * as sdk from "@aws-sdk/client-ecr";
import { describe, expect, it } from "vitest";
import { membersOf, shapeOf } from "../../table/table.ts";
import { constraints } from "./constraints.ts";
import { paginators } from "./paginators.ts";
import { ecrTable } from "./table.ts";
import { waiters } from "./waiters.ts";

const sdkExports: Readonly<Record<string, unknown>> = { ...sdk };

/** Kinds of schema in the client's static form: [kind, namespace, name, traits, …]. */
const KIND = { simple: 0, list: 1, map: 2, structure: 3, error: -3, operation: 9 } as const;

type StaticSchema = readonly [kind: number, namespace: string, name: string, traits: unknown, ...rest: unknown[]];

function isStatic(schema: unknown): schema is StaticSchema {
  return Array.isArray(schema) && typeof schema[0] === "number" && typeof schema[1] === "string";
}

const sdkSchemas = Object.values(sdkExports).filter(isStatic);

function sdkSchema(kind: number, name: string): StaticSchema {
  const found = sdkSchemas.find((schema) => schema[0] === kind && schema[2] === name);
  if (found === undefined) throw new Error(`The client has no schema of kind ${kind} named ${name}`);
  return found;
}

/** How a value travels, in the same words for both sides: `list of string`, `structure Tag`. */
function sdkWire(schema: unknown): string {
  if (typeof schema === "function") return sdkWire((schema as () => unknown)());
  if (typeof schema === "number") return numberedWire(schema);
  if (isStatic(schema)) {
    const [kind, , name, , ...rest] = schema;
    if (kind === KIND.list) return `list of ${sdkWire(rest[0])}`;
    if (kind === KIND.map) return `map of ${sdkWire(rest[1])}`;
    if (kind === KIND.simple) return sdkWire(rest[0]);
    return `structure ${name}`;
  }
  if (Array.isArray(schema)) return sdkWire(schema[0]);
  throw new Error(`An unknown form of schema: ${String(schema)}`);
}

function numberedWire(schema: number): string {
  if (schema >= 128) return `map of ${numberedWire(schema - 128)}`;
  if (schema >= 64) return `list of ${numberedWire(schema - 64)}`;
  const name = new Map([
    [0, "string"],
    [1, "number"],
    [2, "boolean"],
    [4, "timestamp"],
    [21, "blob"],
  ]).get(schema);
  if (name === undefined) throw new Error(`An unknown simple schema: ${schema}`);
  return name;
}

function tableWire(name: string): string {
  const shape = shapeOf(ecrTable, name);
  if (typeof shape === "string") return ["integer", "long", "double"].includes(shape) ? "number" : shape;
  if ("list" in shape) return `list of ${tableWire(shape.list)}`;
  if ("map" in shape) return `map of ${tableWire(shape.map)}`;
  return `structure ${name}`;
}

/** Members with their wire type, and the names of those that must be given. */
function sdkMembers(schema: StaticSchema): { members: Record<string, string>; required: string[] } {
  const [, , , , names, types, required] = schema as unknown as [0, 0, 0, 0, string[], unknown[], number | undefined];
  return {
    members: Object.fromEntries(names.map((name, index) => [name, sdkWire(types[index])])),
    required: names.slice(0, required ?? 0).toSorted(),
  };
}

const structures = Object.entries(ecrTable.shapes).flatMap(([name, shape]) =>
  typeof shape !== "string" && "structure" in shape ? [{ name, shape }] : [],
);

describe("the table against the schemas of the pinned AWS client", () => {
  it("names the same 62 operations", () => {
    const names = sdkSchemas.filter(([kind]) => kind === KIND.operation).map(([, , name]) => name);
    expect(Object.keys(ecrTable.operations)).toEqual(names.toSorted());
    expect(names).toHaveLength(62);
  });

  it.each(Object.entries(ecrTable.operations))("gives %s the same input and output", (name, operation) => {
    const [, , , , input, output] = sdkSchema(KIND.operation, name);
    expect(sdkWire(input)).toBe(`structure ${operation.input}`);
    expect(sdkWire(output)).toBe(`structure ${operation.output}`);
  });

  it.each(structures)("gives $name the same members, wire types and required members", ({ name, shape }) => {
    const members = membersOf(shape);
    const expected = sdkMembers(sdkSchema(KIND.structure, name));
    expect(Object.fromEntries(members.map((member) => [member.name, tableWire(member.shape)]))).toEqual(
      expected.members,
    );
    const required = members.filter((member) => member.required).map((member) => member.name);
    expect(required.toSorted()).toEqual(expected.required);
  });

  it("knows every structure of the client", () => {
    const names = sdkSchemas.filter(([kind]) => kind === KIND.structure).map(([, , name]) => name);
    expect(structures.map(({ name }) => name).toSorted()).toEqual(names.filter((name) => name !== "__Unit").toSorted());
  });

  it("names the same 50 exceptions", () => {
    const names = sdkSchemas.filter(([kind, , name]) => kind === KIND.error && name !== "ECRServiceException");
    expect(Object.keys(ecrTable.exceptions)).toEqual(names.map(([, , name]) => name).toSorted());
    expect(names).toHaveLength(50);
  });

  it.each(Object.entries(ecrTable.exceptions))("gives %s the same fault and members", (name, exception) => {
    const schema = sdkSchema(KIND.error, name);
    const { message, ...members } = sdkMembers(schema).members;
    const own = Object.entries(exception.members ?? {}).map(([member, shape]) => [member, tableWire(shape)]);
    expect(message).toBe("string");
    expect(Object.fromEntries(own)).toEqual(members);
    expect(schema[3]).toMatchObject({ error: exception.fault });
  });

  it.each(Object.entries(constraints).filter(([, { enum: values }]) => values !== undefined))(
    "gives the enum %s the same values",
    (name, { enum: values = [] }) => {
      expect(new Set(values)).toEqual(new Set(Object.values(sdkExports[name] ?? {})));
    },
  );

  it("knows every enum of the client", () => {
    const names = Object.entries(sdkExports)
      .filter(([name, value]) => /^[A-Z]/.test(name) && typeof value === "object" && !Array.isArray(value))
      .map(([name]) => name);
    const enums = Object.keys(constraints).filter((name) => constraints[name]?.enum !== undefined);
    expect(enums.toSorted()).toEqual(names.toSorted());
    expect(names).toHaveLength(30);
  });

  it("pages and waits where the client does", () => {
    const after = (prefix: string): readonly string[] =>
      Object.keys(sdkExports).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
    expect(Object.keys(paginators)).toEqual(after("paginate").toSorted());
    expect(Object.keys(waiters).toSorted()).toEqual(after("waitUntil").toSorted());
  });
});

describe("the table in itself", () => {
  it("holds 427 shapes, exceptions among them", () => {
    expect(Object.keys(ecrTable.shapes).length + Object.keys(ecrTable.exceptions).length).toBe(427);
  });

  it("defines every shape that it names", () => {
    const named = Object.values(ecrTable.shapes).flatMap((shape) => {
      if (typeof shape === "string") return [];
      if ("list" in shape) return [shape.list];
      return "map" in shape ? [shape.key, shape.map] : membersOf(shape).map((member) => member.shape);
    });
    const messages = Object.values(ecrTable.operations).flatMap(({ input, output }) => [input, output]);
    const all = new Set([...named, ...messages, ...Object.keys(constraints)]);
    expect(Object.keys(ecrTable.shapes)).toEqual(expect.arrayContaining([...all]));
  });

  it("lists as errors of operations only exceptions that it has", () => {
    const errors = Object.values(ecrTable.operations).flatMap((operation) => operation.errors);
    expect(Object.keys(ecrTable.exceptions)).toEqual(expect.arrayContaining([...new Set(errors)]));
  });

  it("pages and waits over members that the outputs have", () => {
    for (const [operation, { items, fromFirstPage = [] }] of Object.entries(paginators)) {
      for (const path of [...items, ...fromFirstPage, "nextToken"]) expect(typeAt(operation, path)).not.toBe("");
    }
    for (const { operation, path } of Object.values(waiters)) expect(typeAt(operation, path)).toBe("string");
  });

  it("looks shapes up by their own names only", () => {
    expect(() => shapeOf(ecrTable, "constructor")).toThrow(TypeError);
    expect(() => shapeOf(ecrTable, "__proto__")).toThrow(TypeError);
  });
});

function typeAt(operation: string, path: string): string {
  let name = ecrTable.operations[operation]?.output ?? "";
  for (const key of path.split(".")) {
    const shape = shapeOf(ecrTable, name);
    if (typeof shape === "string" || !("structure" in shape)) throw new Error(`${name} has no members`);
    name = membersOf(shape).find((member) => member.name === key)?.shape ?? "";
  }
  return tableWire(name);
}
