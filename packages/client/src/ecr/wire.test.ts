import { ecrCodec, ecrTable, membersOf, SerializationException, shapeOf } from "@stowage/model";
import { describe, expect, it } from "vitest";
import { timestampMembers } from "./generated/wire-facts.ts";
import { fromWire, toWire } from "./wire.ts";

const structures = Object.values(ecrTable.shapes).flatMap((shape) =>
  typeof shape !== "string" && "structure" in shape ? [shape] : [],
);

describe("what the client knows of times", () => {
  it("is every timestamp of the table, and no member of that name is anything else", () => {
    for (const shape of structures) {
      for (const member of membersOf(shape)) {
        expect([member.name, timestampMembers.has(member.name)]).toEqual([
          member.name,
          shapeOf(ecrTable, member.shape) === "timestamp",
        ]);
      }
    }
  });

  it("needs no look at blobs and at lists or maps of times, as no answer has any", () => {
    const seen = new Set<string>();
    const complaints: string[] = [];
    const visit = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      const shape = shapeOf(ecrTable, name);
      if (shape === "blob") complaints.push(name);
      if (typeof shape === "string") return;
      const item = "list" in shape ? shape.list : "map" in shape ? shape.map : undefined;
      if (item !== undefined && shapeOf(ecrTable, item) === "timestamp") complaints.push(name);
      const inner = "structure" in shape ? membersOf(shape).map((member) => member.shape) : [item ?? ""];
      for (const one of inner) visit(one);
    };
    for (const { output } of Object.values(ecrTable.operations)) visit(output);
    expect(seen.size).toBeGreaterThan(100);
    expect(complaints).toEqual([]);
  });
});

describe("toWire", () => {
  it("writes bytes as base64, also a view of Node's", () => {
    const input = { layerPartBlob: new Uint8Array([1, 2, 255]), registryId: undefined };
    expect(toWire(input)).toEqual({ layerPartBlob: "AQL/" });
    expect(toWire({ layerPartBlob: Buffer.from([1, 2, 255]) })).toEqual({ layerPartBlob: "AQL/" });
    expect(toWire(input)).toEqual(ecrCodec.encodeInput("UploadLayerPart", input as never));
  });

  it("writes dates as epoch seconds and refuses one that is no date", () => {
    expect(toWire({ at: [new Date(1_448_875_853_241)] })).toEqual({ at: [1_448_875_853.241] });
    expect(() => toWire({ at: new Date(Number.NaN) })).toThrow("invalid date");
  });

  it("keeps false, zero and empty texts, and leaves out what is absent", () => {
    expect(toWire({ force: false, count: 0, text: "", none: undefined, nothing: null })).toEqual({
      force: false,
      count: 0,
      text: "",
    });
  });
});

describe("fromWire", () => {
  it("reads times by name, at any depth", () => {
    const at = new Date(1_448_875_853_241);
    const read = fromWire({
      repositories: [{ createdAt: 1_448_875_853.241, sizeBytes: 7 }],
      endedAt: 1_448_875_853.241,
    });
    expect(read).toEqual({ repositories: [{ createdAt: at, sizeBytes: 7 }], endedAt: at });
  });

  it("reads times up to the last that a date can be, and leaves greater numbers alone", () => {
    const last = 8.64e12;
    const over = last + 0.001;
    expect(fromWire({ createdAt: last })).toEqual({ createdAt: new Date(last * 1000) });
    expect(fromWire({ createdAt: -last })).toEqual({ createdAt: new Date(-last * 1000) });
    expect(fromWire({ createdAt: over })).toEqual({ createdAt: over });
    expect(fromWire({ createdAt: -over })).toEqual({ createdAt: -over });
  });

  it("leaves texts alone that happen to have the name of a time, as annotations may", () => {
    expect(fromWire({ annotations: { createdAt: "2026" } })).toEqual({ annotations: { createdAt: "2026" } });
  });

  it("counts null as absent, as member, item and value", () => {
    expect(fromWire({ a: null, list: [null, 1], map: { b: null } })).toEqual({ list: [1], map: {} });
  });

  it("keeps a key named __proto__ a key", () => {
    const read = fromWire(JSON.parse('{"annotations":{"__proto__":"x"}}')) as { annotations: object };
    expect(Object.entries(read.annotations)).toEqual([["__proto__", "x"]]);
  });

  it.each([[undefined], [null], ["text"], [[]]])("refuses %j, which is no answer", (json) => {
    expect(() => fromWire(json)).toThrow(SerializationException);
  });

  it("reads 32 levels and refuses one more", () => {
    const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) });
    expect(fromWire(nested(32))).toEqual(nested(32));
    expect(() => fromWire(nested(33))).toThrow("too deeply");
  });
});
