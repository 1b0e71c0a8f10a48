import { ecrTable } from "../../packages/model/src/ecr/table/table.ts";
import { operationOf } from "../../packages/model/src/table/table.ts";
import { ecrService, HEADER } from "../model/service.ts";
import { ECR_REFERENCE, operationDoc } from "./doc.ts";
import {
  camel,
  isInputless,
  itemType,
  operationNames,
  paginatorNames,
  paginators,
  waiterNames,
  waiters,
} from "./facts.ts";
import { paginatorDoc, waiterDoc } from "./lists-file.ts";

/** The class with all operations, paginators and waiters as members. */
export function clientFile(): string {
  return [
    HEADER,
    `import { ecrExceptions } from "@stowage/model";\n`,
    `import type { ${[...typesUsed(), "OperationName", "Operations"].toSorted().join(", ")} } from "@stowage/model";\n`,
    'import type { Platform } from "../../platform.ts";\n',
    'import { EcrConnection } from "../connection.ts";\n',
    'import { bind } from "../operation.ts";\n',
    'import type { InputlessMethod, Method } from "../operation.ts";\n',
    'import type { EcrClientOptions } from "../options.ts";\n',
    'import { bindInputlessPaginator, bindPaginator, isPaginated } from "../paginate.ts";\n',
    'import type { InputlessPaginateMethod, PaginateMethod } from "../paginate.ts";\n',
    'import { presign } from "../presign.ts";\n',
    'import type { PresignedRequest, PresignOptions } from "../presign.ts";\n',
    'import { bindWaiter } from "../wait.ts";\nimport type { WaitMethod } from "../wait.ts";\n',
    `import { ${[...paginatorNames.map((name) => `paginate${name}`), ...waiterNames.map((name) => `waitUntil${name}`)].toSorted().join(", ")} } from "./lists.ts";\n`,
    `import { ${operationNames.map(camel).toSorted().join(", ")} } from "./operations.ts";\n\n`,
    paginatesType(),
    waitersType(),
    clientClass(),
  ].join("");
}

function typesUsed(): ReadonlySet<string> {
  const types = new Set<string>();
  for (const name of operationNames) {
    const { input, output } = operationOf(ecrTable, name);
    types.add(input).add(output);
  }
  for (const name of paginatorNames) for (const path of paginators[name]?.items ?? []) types.add(itemType(name, path));
  return types;
}

function paginatesType(): string {
  let text = "/** Lists as async iterators of pages and items. */\nexport interface Paginators {\n";
  for (const name of paginatorNames) {
    const { input, output } = operationOf(ecrTable, name);
    const items = (paginators[name]?.items ?? []).map((path) => itemType(name, path)).join(" | ");
    const kind = isInputless(name) ? "InputlessPaginateMethod" : "PaginateMethod";
    text += `${paginatorDoc(name, "  ")}  readonly ${camel(name)}: ${kind}<${input}, ${output}, ${items}>;\n`;
  }
  return `${text}}\n\n`;
}

function waitersType(): string {
  let text = "/** Polls until work in the background ends. */\nexport interface Waiters {\n";
  for (const name of waiterNames) {
    const { input, output } = operationOf(ecrTable, waiters[name]?.operation ?? "");
    text += `${waiterDoc(name, "  ")}  readonly ${camel(name)}: WaitMethod<${input}, ${output}>;\n`;
  }
  return `${text}}\n\n`;
}

function clientClass(): string {
  let text =
    "/** A method for each operation of Amazon ECR, under its own name too: `batchGetImage` and `BatchGetImage`. */\n";
  text += "export class PlatformEcrClient extends EcrConnection {\n";
  for (const name of operationNames) {
    const { input, output } = operationOf(ecrTable, name);
    const kind = isInputless(name) ? "InputlessMethod" : "Method";
    const type = `${kind}<${input}, ${output}>`;
    text += `${operationDoc(ecrService, name, { indent: "  ", source: ECR_REFERENCE })}  readonly ${camel(name)}: ${type} = bind(this, ${camel(name)});\n`;
    text += `  /** {@link ${camel(name)}} under its name on the wire. */\n`;
    text += `  readonly ${name}: ${type} = this.${camel(name)};\n\n`;
  }
  text += "  /** Lists as async iterators. */\n  readonly paginate: Paginators = {\n";
  for (const name of paginatorNames) {
    const kind = isInputless(name) ? "bindInputlessPaginator" : "bindPaginator";
    text += `    ${camel(name)}: ${kind}(this, paginate${name}),\n`;
  }
  text += "  };\n\n  /** Polls until work in the background ends. */\n  readonly waitUntil: Waiters = {\n";
  for (const name of waiterNames) text += `    ${camel(name)}: bindWaiter(this, waitUntil${name}),\n`;
  text += "  };\n\n";
  text += "  constructor(options: EcrClientOptions, platform: Platform) {\n";
  text += "    super(options, platform, ecrExceptions);\n  }\n\n";
  text += "  /** Whether `paginate` has the operation, named either way. */\n";
  text += "  canPaginate(operation: string): boolean {\n    return isPaginated(this.paginate, operation);\n  }\n\n";
  text += PRESIGN;
  return `${text}}\n`;
}

const PRESIGN = `  /**
   * Signs a call for somebody else to make, named either way. Nothing is sent.
   * @throws RangeError the life is no whole number of seconds from 1 to 604800
   */
  presign<N extends OperationName | Uncapitalize<OperationName>>(
    operation: N,
    input: Operations[Capitalize<N> & OperationName]["input"],
    options: PresignOptions = {},
  ): Promise<PresignedRequest> {
    return presign(this, operation, { ...options, input });
  }
`;
