import type { Command } from "commander";
import { addTargetOptions, withAdministration, type Administration, type TargetOptions } from "./administration.ts";
import type { Io } from "./io.ts";
import { outputOption, printMany, printOne, type OutputFormat } from "./output.ts";

type Options = TargetOptions & { readonly output: OutputFormat };

const EXAMPLES = `
Examples:
  stowage keys list
  stowage keys create --output json
  stowage keys deactivate AKIAXXXXXXXXXXXXXXXX
  stowage keys delete AKIAXXXXXXXXXXXXXXXX`;

export function addKeys(program: Command, io: Io): void {
  const keys = program.command("keys").description("access keys of the account").addHelpText("after", EXAMPLES);

  add(keys, "list", "list access keys, without their secrets").action(async (options: Options) => {
    await withAdministration(io, options, async (administration) => {
      const { accessKeys } = await administration.listAccessKeys();
      const rows = accessKeys.map((key) => ({ ...key }));
      printMany(io, options.output, rows, ["accessKeyId", "status", "createdAt"]);
    });
  });

  add(keys, "create", "make an access key; its secret is shown now and never again").action(
    async (options: Options) => {
      await withAdministration(io, options, async (administration) => {
        printOne(io, options.output, { ...(await administration.createAccessKey()) });
      });
    },
  );

  const change = (name: string, sentence: string, work: Change): void => {
    add(keys, `${name} <access-key-id>`, sentence).action(async (accessKeyId: string, options: Options) => {
      await withAdministration(io, options, (administration) => work(administration, accessKeyId));
      if (options.output === "json") io.stdout.write("{}\n");
    });
  };
  change("deactivate", "refuse an access key, and tokens made with it, from now on", (administration, accessKeyId) =>
    administration.updateAccessKey({ accessKeyId, status: "Inactive" }),
  );
  change("activate", "accept an access key again", (administration, accessKeyId) =>
    administration.updateAccessKey({ accessKeyId, status: "Active" }),
  );
  change("delete", "delete an access key for good", (administration, accessKeyId) =>
    administration.deleteAccessKey({ accessKeyId }),
  );
}

type Change = (administration: Administration, accessKeyId: string) => Promise<unknown>;

function add(keys: Command, name: string, sentence: string): Command {
  return addTargetOptions(keys.command(name).description(sentence)).addOption(outputOption());
}
