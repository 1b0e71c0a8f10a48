import { ecrCodec, ecrSentences, ecrTable, jsonSchema, operationOf } from "@stowage/model";
import type { JsonSchema, OperationName, ShapeName } from "@stowage/model";

/** One operation as the protocol describes it. */
export interface Tool {
  readonly name: OperationName;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly openWorldHint: false;
  };
}

const READS = /^(?:Describe|Get|List|BatchGet|BatchCheck)/;
/** These add to what is there; other writes take away or replace. */
const ADDS = /^(?:Create|Initiate|Upload|Complete|Register|Start|Validate)/;
/** Its answer is a password. */
const SECRET: OperationName = "GetAuthorizationToken";

/** Whether an operation leaves everything as it is. */
export function isRead(name: OperationName): boolean {
  return READS.test(name);
}

/** The tools by name, in the order of their names: operations that read, or all; never the one whose answer is a password. */
export function toolsOf(allowWrites: boolean): ReadonlyMap<string, Tool> {
  const names = ecrCodec.operationNames.filter((name) => name !== SECRET && (allowWrites || isRead(name)));
  return new Map(names.toSorted().map((name) => [name, toolOf(name)]));
}

function toolOf(name: OperationName): Tool {
  const { input, output } = operationOf(ecrTable, name);
  return {
    name,
    description: ecrSentences.operations[name] ?? name,
    inputSchema: bare(input, "input"),
    outputSchema: bare(output, "output"),
    annotations: {
      readOnlyHint: isRead(name),
      destructiveHint: !isRead(name) && !ADDS.test(name),
      openWorldHint: false,
    },
  };
}

/** Without what the tool itself says, and without the dialect, which is the protocol's own. */
function bare(shapeName: string, direction: "input" | "output"): JsonSchema {
  // Inputs and outputs of operations are shapes of the table.
  const { $schema: _, title: __, description: ___, ...schema } = jsonSchema(shapeName as ShapeName, { direction });
  return schema;
}
