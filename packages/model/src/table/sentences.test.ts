import { describe, expect, it } from "vitest";
import { adminSentences } from "../admin/table/sentences/sentences.ts";
import { adminTable } from "../admin/table/table.ts";
import { ecrSentences } from "../ecr/table/sentences/sentences.ts";
import { ecrTable } from "../ecr/table/table.ts";
import { memberSentence } from "./sentences.ts";
import { membersOf } from "./table.ts";

const services = [
  { service: "ECR", table: ecrTable, sentences: ecrSentences },
  { service: "administration", table: adminTable, sentences: adminSentences },
];

describe.each(services)("the sentences of the $service table", ({ table, sentences }) => {
  const structures = Object.entries(table.shapes).flatMap(([name, shape]) =>
    typeof shape !== "string" && "structure" in shape ? [{ name, members: membersOf(shape) }] : [],
  );
  const messages = new Set(Object.values(table.operations).flatMap(({ input, output }) => [input, output]));
  const shared = new Set(table === ecrTable ? [] : Object.keys(ecrTable.exceptions));

  it("tell of every operation, exception and structure, and of nothing else", () => {
    const inner = structures.map(({ name }) => name).filter((name) => !messages.has(name));
    const exceptions = Object.keys(table.exceptions).filter((name) => !shared.has(name));
    expect(Object.keys(sentences.operations).toSorted()).toEqual(Object.keys(table.operations).toSorted());
    expect(Object.keys(sentences.exceptions).toSorted()).toEqual(exceptions.toSorted());
    expect(Object.keys(sentences.structures).toSorted()).toEqual(inner.toSorted());
  });

  it.each(structures)("tell of every member of $name", ({ name, members }) => {
    for (const { name: member, shape } of members) {
      expect(memberSentence(sentences, { structure: name, member, shape }), `${name}.${member}`).toMatch(
        /^[A-Z`].*\.$/,
      );
    }
  });

  it("tell of members and shapes that the table has", () => {
    const exceptions = Object.entries(table.exceptions).flatMap(([name, { members = {} }]) =>
      Object.keys(members).map((member) => `${name}.${member}`),
    );
    const known = structures.flatMap(({ name, members }) => members.map((member) => `${name}.${member.name}`));
    const requests = structures.filter(({ name }) => name.endsWith("Request")).flatMap(({ members }) => members);
    known.push(...exceptions, ...requests.map((member) => `*Request.${member.name}`));
    expect(known).toEqual(expect.arrayContaining(Object.keys(sentences.members)));
    expect(Object.keys(table.shapes)).toEqual(expect.arrayContaining(Object.keys(sentences.shapes)));
  });
});
