import { constraints } from "../../packages/model/src/ecr/table/constraints.ts";
import { ecrTable } from "../../packages/model/src/ecr/table/table.ts";
import { operationOf, shapeOf } from "../../packages/model/src/table/table.ts";
import type { Member, Scalar } from "../../packages/model/src/table/table.ts";
import { HEADER } from "../model/service.ts";
import { camel, operationNames, structureMembers } from "./facts.ts";

const VALUES: Readonly<Record<Scalar, string>> = {
  string: '"a"',
  integer: "1",
  long: "1",
  double: "1.5",
  boolean: "true",
  timestamp: "new Date(0)",
  blob: "new Uint8Array(1)",
};

/** Calls every operation rightly, and wrongly where the compiler must complain. */
export function typeTestFile(): string {
  const types = new Set<string>();
  let body = "";
  for (const name of operationNames) {
    const { input, output } = operationOf(ecrTable, name);
    types.add(output);
    body += `\n  const ${camel(name)}: ${output} = await ecr.${camel(name)}(${literal(input)});\n`;
    body += `  told.push(${camel(name)});\n`;
    for (const [reason, wrong] of wrongInputs(input)) {
      body += `  // @ts-expect-error -- ${reason}\n  // oxfmt-ignore\n  await ecr.${name}(${wrong});\n`;
    }
  }
  return [
    HEADER,
    'import type { EcrClient } from "@stowage/client";\n',
    `import type { ${[...types].toSorted().join(", ")} } from "@stowage/client";\n\n`,
    "/** Never run: that it compiles is the test. */\n",
    "export async function callEveryOperation(ecr: EcrClient): Promise<readonly object[]> {\n",
    `  const told: object[] = [];\n${body}\n  return told;\n}\n`,
  ].join("");
}

function wrongInputs(input: string): readonly (readonly [reason: string, literal: string])[] {
  const required = structureMembers(input).filter((member) => member.required);
  const wrong: (readonly [string, string])[] = [];
  const members = required.map((member) => memberText(member));
  wrong.push(["it takes no such member", `{ ${[...members, "noSuchMember: 1"].join(", ")} }`]);
  for (const [index, member] of required.entries()) {
    wrong.push([`${member.name} is required`, `{ ${members.toSpliced(index, 1).join(", ")} }`]);
    const mistyped = members.with(index, `${member.name}: Symbol()`);
    wrong.push([`${member.name} is no symbol`, `{ ${mistyped.join(", ")} }`]);
    if (isEnum(member)) {
      wrong.push([
        `${member.name} has no such value`,
        `{ ${members.with(index, `${member.name}: "no such"`).join(", ")} }`,
      ]);
    }
  }
  return wrong;
}

function isEnum(member: Member): boolean {
  return constraints[member.shape]?.enum !== undefined;
}

/** A value of a shape, required members alone. */
function literal(shapeName: string): string {
  const shape = shapeOf(ecrTable, shapeName);
  const [first] = constraints[shapeName]?.enum ?? [];
  if (first !== undefined) return JSON.stringify(first);
  if (typeof shape === "string") return VALUES[shape];
  if ("list" in shape) return `[${literal(shape.list)}]`;
  if ("map" in shape) return `{ ${JSON.stringify("a")}: ${literal(shape.map)} }`;
  const required = structureMembers(shapeName).filter((member) => member.required);
  return required.length === 0 ? "{}" : `{ ${required.map(memberText).join(", ")} }`;
}

function memberText(member: Member): string {
  return `${member.name}: ${literal(member.shape)}`;
}
