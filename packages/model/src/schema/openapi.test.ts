import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { commonErrors } from "../ecr/errors-common.ts";
import { ecrTable } from "../ecr/table/table.ts";
import type { ShapeName } from "./generated/shape-names.ts";
import { jsonSchema } from "./json-schema.ts";

const docs = new URL("../../../../docs/api/", import.meta.url);
const text = readFileSync(new URL("openapi.json", docs), "utf8");
const json: unknown = JSON.parse(text);

/** Objects of OpenAPI 3.1 as far as the document has any; a key that the specification does not have is refused. */
const reference = z.strictObject({ $ref: z.string().startsWith("#/components/") });
const schema = z.record(z.string(), z.unknown());
const content = z.record(z.string().regex(/^[a-z]+\/[a-z0-9.+-]+$/), z.strictObject({ schema }));
const response = z.strictObject({ description: z.string().min(1), content });
const parameter = z.strictObject({
  name: z.string(),
  in: z.enum(["header", "query", "path", "cookie"]),
  required: z.boolean(),
  schema,
});
const operation = z.strictObject({
  operationId: z.string(),
  tags: z.array(z.string()).nonempty(),
  summary: z.string().min(1),
  parameters: z.array(parameter),
  requestBody: z.strictObject({ required: z.boolean(), content }),
  responses: z.record(z.string().regex(/^[1-5][0-9]{2}$/), z.union([reference, response])),
});
const server = z.strictObject({
  url: z.string(),
  description: z.string(),
  variables: z.record(z.string(), z.strictObject({ default: z.string() })).optional(),
});
const documents = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: z.string(), summary: z.string(), description: z.string(), version: z.string() }),
  servers: z.array(server).nonempty(),
  security: z.array(z.record(z.string(), z.array(z.never()))),
  tags: z.array(z.strictObject({ name: z.string() })),
  paths: z.record(z.string().startsWith("/"), z.strictObject({ post: operation })),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[a-zA-Z0-9._-]+$/), schema),
    responses: z.record(z.string().regex(/^[a-zA-Z0-9._-]+$/), response),
    securitySchemes: z.record(
      z.string(),
      z.strictObject({ type: z.literal("apiKey"), in: z.literal("header"), name: z.string(), description: z.string() }),
    ),
  }),
});
const document = documents.parse(json);
const { components, paths } = document;
const operations = Object.values(paths).map(({ post }) => post);
const refs = [...text.matchAll(/"\$ref": "#\/components\/(\w+)\/(\w+)"/g)].map(([, kind, name]) => `${kind}/${name}`);

/** One schema with the others as definitions beside it. */
function bundle(name: string): Parameters<typeof z.fromJSONSchema>[0] {
  const $defs = JSON.parse(
    JSON.stringify(components.schemas).replaceAll("#/components/schemas/", "#/$defs/"),
  ) as object;
  return { $ref: `#/$defs/${name}`, $defs } as Parameters<typeof z.fromJSONSchema>[0];
}

describe("docs/api/openapi.json", () => {
  it("has every operation once, under a path of its own, with its target", () => {
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(
      Object.keys(ecrTable.operations).toSorted(),
    );
    for (const [path, { post }] of Object.entries(paths)) {
      const target = `AmazonEC2ContainerRegistry_V20150921.${post.operationId}`;
      expect(path).toBe(`/#X-Amz-Target=${target}`);
      expect(post.parameters).toEqual([
        { name: "X-Amz-Target", in: "header", required: true, schema: { const: target } },
      ]);
    }
  });

  it("refers to all that it holds and holds all that it refers to", () => {
    const held = [
      ...Object.keys(components.schemas).map((name) => `schemas/${name}`),
      ...Object.keys(components.responses).map((name) => `responses/${name}`),
    ];
    expect([...new Set(refs)].toSorted()).toEqual(held.toSorted());
    const schemes = Object.keys(components.securitySchemes);
    for (const requirement of document.security) expect(schemes).toEqual(Object.keys(requirement));
    const tags = document.tags.map(({ name }) => name);
    expect([...new Set(operations.flatMap((each) => each.tags))].toSorted()).toEqual(tags.toSorted());
  });

  it("says the same of requests as their JSON Schema does", () => {
    for (const { input } of Object.values(ecrTable.operations)) {
      const { $schema: _, title: __, $defs = {}, ...own } = jsonSchema(input as ShapeName);
      const named: [string, unknown][] = [[input, own], ...Object.entries($defs)];
      for (const [name, expected] of named) {
        const written = JSON.stringify(components.schemas[name]).replaceAll("#/components/schemas/", "#/$defs/");
        expect(JSON.parse(written)).toEqual(expected);
      }
    }
  });

  it("has the errors of each operation, and of all", () => {
    for (const { operationId, responses } of operations) {
      const said = JSON.stringify(responses);
      for (const error of ecrTable.operations[operationId]?.errors ?? []) expect(said).toContain(`/${error}"`);
      expect(Object.keys(responses)).toEqual(["200", "400", "413", "500"]);
    }
    for (const name of Object.keys(commonErrors)) expect(Object.keys(components.schemas)).toContain(name);
  });

  it("takes an error as exactly one of those that may come", () => {
    const takes = z.fromJSONSchema(bundle("CommonError"));
    expect(takes.safeParse({ __type: "ThrottlingException", message: "Rate exceeded" }).success).toBe(true);
    expect(takes.safeParse({ __type: "NoneOfThem", message: "" }).success).toBe(false);
  });

  it("leaves answers open where requests are not", () => {
    const identifier = { imageTag: "" };
    expect(z.fromJSONSchema(bundle("ImageIdentifier")).safeParse(identifier).success).toBe(false);
    expect(z.fromJSONSchema(bundle("ImageIdentifierOutput")).safeParse(identifier).success).toBe(true);
    expect(z.fromJSONSchema(bundle("ListImagesResponse")).safeParse({ imageIds: [identifier] }).success).toBe(true);
  });
});

describe.each(["ecr.txt", "reference.md"])("docs/api/%s", (name) => {
  const page = readFileSync(new URL(name, docs), "utf8");

  it("tells of every operation with its members and errors", () => {
    for (const operationName of Object.keys(ecrTable.operations))
      expect(page).toMatch(new RegExp(`^(### )?${operationName}\\b`, "m"));
    for (const [shapeName, shape] of Object.entries(ecrTable.shapes)) {
      const members = typeof shape !== "string" && "structure" in shape ? Object.keys(shape.structure) : [];
      for (const member of members)
        expect([shapeName, member, page.includes(member)]).toEqual([shapeName, member, true]);
    }
    for (const error of Object.keys(ecrTable.exceptions)) expect(page).toContain(error.replace(/Exception$/, ""));
  });

  it("links only to sections that it has", () => {
    const headings = new Set([...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading.toLowerCase()));
    const links = [...page.matchAll(/\]\(#([a-z]+)\)/g)].map(([, anchor = ""]) => anchor);
    expect(links.filter((anchor) => !headings.has(anchor))).toEqual([]);
  });
});

describe("docs/api/ecr.txt", () => {
  it("stays short enough to be read whole", () => {
    expect(readFileSync(new URL("ecr.txt", docs)).length).toBeLessThan(50_000);
  });
});
