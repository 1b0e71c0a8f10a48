import { ecrTable } from "../../packages/model/src/ecr/table/table.ts";
import { operationOf } from "../../packages/model/src/table/table.ts";
import { ecrService, HEADER } from "../model/service.ts";
import { ECR_REFERENCE, operationDoc } from "./doc.ts";
import { camel, isInputless, operationNames, timestampMembers } from "./facts.ts";

/** One export an operation, so that a bundle holds what it uses. */
export function operationsFile(): string {
  const types = new Set<string>();
  const errors = new Set<string>();
  let body = "";
  for (const name of operationNames) {
    const entry = operationOf(ecrTable, name);
    types.add(entry.input).add(entry.output);
    for (const error of entry.errors) errors.add(error);
    const kind = isInputless(name) ? "InputlessOperation" : "Operation";
    body += `\n${operationDoc(ecrService, name, { source: ECR_REFERENCE })}export const ${camel(name)}: ${kind}<${entry.input}, ${entry.output}> =`;
    body += ` /* @__PURE__ */ operation("${name}", { ${entry.errors.join(", ")} });\n`;
  }
  return [
    HEADER,
    `import { ${[...errors].toSorted().join(", ")} } from "@stowage/model";\n`,
    `import type { ${[...types].toSorted().join(", ")} } from "@stowage/model";\n`,
    'import { operation } from "../operation.ts";\n',
    'import type { InputlessOperation, Operation } from "../operation.ts";\n',
    body,
  ].join("");
}

/** What the core needs of the table, which itself no bundle need hold. */
export function wireFactsFile(): string {
  return [
    HEADER,
    `export const TARGET_PREFIX = "${ecrTable.targetPrefix}";\n`,
    `export const SIGNING_NAME = "${ecrTable.signingName}";\n\n`,
    "/** Members that hold epoch seconds on the wire, wherever they occur. */\n",
    `export const timestampMembers: ReadonlySet<string> = /* @__PURE__ */ new Set(${JSON.stringify(timestampMembers())});\n`,
  ].join("");
}
