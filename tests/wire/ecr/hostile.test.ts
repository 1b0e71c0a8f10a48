import { ecrTable, membersOf, operationOf, shapeOf, type Shape } from "@stowage/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, refused } from "./raw.ts";
import { openService, type Service } from "./service.ts";

let service: Service;
beforeAll(async () => void (service = await openService()));
afterAll(() => service.close());

const operations = Object.keys(ecrTable.operations);
const modelled = (name: unknown): boolean => typeof name === "string" && Object.hasOwn(ecrTable.exceptions, name);

/** A value of another JSON type than the shape's. */
function wrongFor(shape: Shape): unknown {
  if (typeof shape === "object") return "text";
  return shape === "string" || shape === "blob" ? { not: "text" } : "text";
}

describe.each(operations)("%s", (operation) => {
  const shape = shapeOf(ecrTable, operationOf(ecrTable, operation).input);
  const members = typeof shape === "object" && "structure" in shape ? membersOf(shape) : [];

  it("refuses every member of another JSON type (C1)", async () => {
    for (const member of members) {
      const answer = await refused(
        call(service, operation, { [member.name]: wrongFor(shapeOf(ecrTable, member.shape)) }),
      );
      expect({ member: member.name, ...answer }).toMatchObject({
        member: member.name,
        status: 400,
        name: "SerializationException",
      });
    }
  });

  it("refuses an input that lacks its first required member, naming it (C2)", async () => {
    const required = members.find((member) => member.required);
    if (required === undefined) return;
    const { status, message } = await refused(call(service, operation, {}));
    expect(status).toBe(400);
    expect(message).toMatch(
      new RegExp(
        `^Invalid parameter at '${required.name}' failed to satisfy constraint: '(Member )?must not be null'$`,
      ),
    );
  });

  it("answers hostile values with one of its own errors, never with a failure", async () => {
    for (const value of HOSTILE) {
      const input = Object.fromEntries(members.map((member) => [member.name, fill(member.shape, value)]));
      const { status, json } = await call(service, operation, input);
      if (status === 200) continue;
      expect({ value, status, json }).toMatchObject({ status: 400 });
      const declared = [...operationOf(ecrTable, operation).errors, "SerializationException", "AccessDeniedException"];
      expect(declared).toContain(json["__type"]);
    }
  });
});

const HOSTILE = [
  "",
  "../../../etc/passwd",
  "a".repeat(10_000),
  "\0",
  "%00%2e%2e",
  "__proto__",
  "constructor",
  "'; DROP TABLE repositories; --",
  "${jndi:ldap://x}",
  "\u{202e}\u{1f4a3}",
  `${"a-".repeat(2000)}!`,
  "arn:aws:ecr:eu-west-1:123456789012:repository/../../x",
];

/** The value in place of every text of the shape; numbers and times as large as they come. */
function fill(name: string, value: string): unknown {
  const shape = shapeOf(ecrTable, name);
  if (shape === "string") return value;
  if (shape === "blob") return Buffer.from(value).toString("base64");
  if (shape === "boolean") return true;
  if (typeof shape === "string") return 2 ** 31 - 1;
  if ("list" in shape) return [fill(shape.list, value)];
  if ("map" in shape) return { [value]: fill(shape.map, value) };
  return Object.fromEntries(membersOf(shape).map((member) => [member.name, fill(member.shape, value)]));
}

describe("names that reach for prototypes", () => {
  it("as members of the input are ignored", async () => {
    const body =
      '{"repositoryName":"wire/none","__proto__":{"registryId":"999999999999"},"toString":"x","hasOwnProperty":1}';
    const { json } = await call(service, "ListImages", JSON.parse(body));
    expect(modelled(json["__type"])).toBe(true);
    expect(json["message"]).toContain(`in the registry with id '${service.caller.accountId}'`);
  });

  it("as keys of tags are keys of tags", async () => {
    const tags = ["__proto__", "constructor", "toString"].map((Key) => ({ Key, Value: "kept" }));
    const repositoryName = await service.repository({ tags });
    const resourceArn = `arn:aws:ecr:${service.caller.region}:${service.caller.accountId}:repository/${repositoryName}`;
    expect((await service.ecr.listTagsForResource({ resourceArn })).tags).toEqual(expect.arrayContaining(tags));
  });
});
