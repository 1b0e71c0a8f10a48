import { adminService, HEADER } from "../model/service.ts";
import { operationDoc } from "./doc.ts";
import { camel, isInputless } from "./facts.ts";

/** The administration's operations as methods, whoever performs them. */
export function adminMethodsFile(): string {
  const { table } = adminService;
  let text = HEADER;
  text += `import type { AdminOperationName, AdminOperations } from "@stowage/model";\n\n`;
  text += `type Input<N extends AdminOperationName> = AdminOperations[N]["input"];\n`;
  text += `type Output<N extends AdminOperationName> = Promise<AdminOperations[N]["output"]>;\n\n`;
  text += `/** A method for each operation of the administration, over the one that performs them. */\n`;
  text += `export abstract class AdminMethods {\n`;
  text += `  protected abstract call<N extends AdminOperationName>(operation: N, input: Input<N>): Output<N>;\n`;
  for (const name of Object.keys(table.operations)) {
    const given = isInputless(name, table) ? " = {}" : "";
    text += `\n${operationDoc(adminService, name, { indent: "  " })}`;
    text += `  ${camel(name)}(input: Input<"${name}">${given}): Output<"${name}"> {\n`;
    text += `    return this.call("${name}", input);\n  }\n`;
  }
  return `${text}}\n`;
}
