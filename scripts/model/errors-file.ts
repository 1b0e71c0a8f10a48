import type { ExceptionEntry } from "../../packages/model/src/table/table.ts";
import { comment, memberText } from "./comment.ts";
import { HEADER } from "./service.ts";
import type { Service } from "./service.ts";
import { typeOf } from "./types-file.ts";

/** One class per exception that has none elsewhere, and all of the service's exceptions by name. */
export function errorsFile(service: Service): string {
  const entries = Object.entries(service.table.exceptions);
  const shared = entries.filter(([name]) => service.shared.has(name)).map(([name]) => name);
  let text = `${HEADER}import { EcrError } from "../../ecr/ecr-error.ts";\n`;
  if (shared.length > 0) text += `import { ${shared.join(", ")} } from "../../ecr/generated/errors.ts";\n`;
  text += "\n";
  for (const [name, entry] of entries) if (!service.shared.has(name)) text += errorClass(service, name, entry);
  text += comment("The modelled exceptions by their code.");
  text += `export const ${service.exceptionsConst} = {\n`;
  for (const [name] of entries) text += `  ${name},\n`;
  return `${text}} as const;\n`;
}

function errorClass(service: Service, name: string, entry: ExceptionEntry): string {
  const members = Object.entries(entry.members ?? {});
  const membersType = name.replace(/Exception$/, "Members");
  let text = "";
  if (members.length > 0) {
    text += comment(`What ${name} carries besides its message.`);
    text += `export interface ${membersType} extends ErrorOptions {\n`;
    for (const [member, shape] of members) {
      text += comment(memberText(service, name, member, shape), "  ");
      text += `  readonly ${member}?: ${typeOf(service, shape)} | undefined;\n`;
    }
    text += "}\n\n";
  }
  text += comment(service.sentences.exceptions[name] ?? "");
  text += `export class ${name} extends EcrError {\n  override readonly name = ${JSON.stringify(name)};\n`;
  if (entry.fault === "server") text += '  override readonly fault = "server";\n';
  if (members.length > 0) {
    for (const [member, shape] of members) text += `  readonly ${member}: ${typeOf(service, shape)} | undefined;\n`;
    text += `\n  constructor(message: string, members: ${membersType} = {}) {\n    super(message, members);\n`;
    for (const [member] of members) text += `    this.${member} = members.${member};\n`;
    text += "  }\n";
  }
  return `${text}}\n\n`;
}
