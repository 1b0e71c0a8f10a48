import { ecrTable } from "../../packages/model/src/ecr/table/table.ts";
import { operationOf } from "../../packages/model/src/table/table.ts";
import { HEADER } from "../model/service.ts";
import { block } from "./doc.ts";
import { camel, isInputless, itemType, paginatorNames, paginators, waiterNames, waiters } from "./facts.ts";

/** A paginator for each operation that has one, and the waiters. */
export function listsFile(): string {
  const types = new Set<string>();
  const called = new Set<string>();
  let body = "";
  for (const name of paginatorNames) {
    const { input, output } = operationOf(ecrTable, name);
    const lists = paginators[name]?.items ?? [];
    const items = lists.map((path) => itemType(name, path));
    for (const type of [input, output, ...items]) types.add(type);
    called.add(camel(name));
    const kind = isInputless(name) ? "InputlessPaginator" : "Paginator";
    const reads = lists.map((path) => `page.${path.replaceAll(".", "?.")}`).join(", ");
    body += `\n${paginatorDoc(name)}export const paginate${name}: ${kind}<${input}, ${output}, ${items.join(" | ")}> =`;
    body += ` /* @__PURE__ */ ${camel(kind)}(${camel(name)}, (page) => [${reads}]);\n`;
  }
  for (const name of waiterNames) {
    const facts = waiters[name];
    if (facts === undefined) throw new Error(`No waiter is named ${name}`);
    const { input, output } = operationOf(ecrTable, facts.operation);
    called.add(camel(facts.operation));
    types.add(input).add(output);
    body += `\n${waiterDoc(name)}export const waitUntil${name}: Waiter<${input}, ${output}> =`;
    body += ` /* @__PURE__ */ waiter(${camel(facts.operation)}, { delaySeconds: ${facts.delaySeconds},`;
    body += ` maxAttempts: ${facts.maxAttempts}, stateOf: (answer) => answer.${facts.path.replaceAll(".", "?.")},`;
    body += ` success: "${facts.success}", failure: "${facts.failure}" });\n`;
  }
  return [
    HEADER,
    `import type { ${[...types].toSorted().join(", ")} } from "@stowage/model";\n`,
    'import { inputlessPaginator, paginator } from "../paginate.ts";\n',
    'import type { InputlessPaginator, Paginator } from "../paginate.ts";\n',
    'import { waiter } from "../wait.ts";\nimport type { Waiter } from "../wait.ts";\n',
    `import { ${[...called].toSorted().join(", ")} } from "./operations.ts";\n`,
    body,
  ].join("");
}

export function paginatorDoc(name: string, indent = ""): string {
  const lists = (paginators[name]?.items ?? []).map((path) => `\`${path}\``).join(" and ");
  const first = paginators[name]?.fromFirstPage;
  const lines = [`The pages of ${name}; \`items()\` yields what ${lists} hold.`];
  if (first !== undefined) {
    lines.push(`Read from the first page: ${first.map((member) => `\`${member}\``).join(", ")}.`);
  }
  return block(indent, [...lines, "@throws RepeatedTokenError the list would never end"]);
}

export function waiterDoc(name: string, indent = ""): string {
  const facts = waiters[name];
  if (facts === undefined) throw new Error(`No waiter is named ${name}`);
  const times = `every ${facts.delaySeconds} s, at most ${facts.maxAttempts} times`;
  return block(indent, [
    `Asks ${facts.operation} ${times}, until \`${facts.path}\` is ${facts.success}. An error answer ends the wait.`,
    `@throws WaiterError it is ${facts.failure}, or still something else after the last question`,
  ]);
}
