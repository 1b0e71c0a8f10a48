import type { GetAccountSettingResponse } from "@stowage/client";
import type { Command } from "commander";
import { addEcrCommand, addGroup, withEcr, type EcrOptions } from "./ecr-command.ts";
import type { Io } from "./io.ts";
import { printItem, printList, type Column } from "./output.ts";

/** Settings of an account that ECR has. */
const NAMES = ["BASIC_SCAN_TYPE_VERSION", "BLOB_MOUNTING", "REGISTRY_POLICY_SCOPE"];

const COLUMNS: readonly Column<GetAccountSettingResponse>[] = [
  { heading: "NAME", of: ({ name }) => name },
  { heading: "VALUE", of: ({ value }) => value },
];

export function addSettings(program: Command, io: Io): void {
  const settings = addGroup(program, {
    usage: "settings",
    summary: "settings of the account",
    details: `There are ${NAMES.join(", ")}.`,
    examples: ["stowage settings get", "stowage settings put BLOB_MOUNTING ENABLED"],
  });

  addEcrCommand(settings, {
    usage: "get [name]",
    summary: "print a setting, or all of them",
    examples: ["stowage settings get", "stowage settings get BLOB_MOUNTING --output text | cut -f 2"],
  }).action((name: string | undefined, options: EcrOptions) =>
    withEcr(io, { options }, async (ecr) => {
      const names = name === undefined ? NAMES : [name];
      const items: GetAccountSettingResponse[] = [];
      for (const each of names) items.push(await ecr.getAccountSetting({ name: each }));
      await printList(io, options, { items, columns: COLUMNS });
    }),
  );

  addEcrCommand(settings, {
    usage: "put <name> <value>",
    summary: "change a setting",
    examples: ["stowage settings put BLOB_MOUNTING ENABLED", "stowage settings put REGISTRY_POLICY_SCOPE V2"],
  }).action((name: string, value: string, options: EcrOptions) =>
    withEcr(io, { options }, async (ecr) => {
      printItem(io, options, await ecr.putAccountSetting({ name, value }), [
        { heading: "Name", of: (answer) => answer.name },
        { heading: "Value", of: (answer) => answer.value },
      ]);
    }),
  );
}
