import type { Command } from "commander";
import { addTargetOptions, withAdministration, type Administration, type TargetOptions } from "./administration.ts";
import type { Io } from "./io.ts";
import { outputOption, printDone, printMany, printOne, type OutputFormat } from "./output.ts";

type Options = TargetOptions & { readonly output: OutputFormat; readonly user?: string };

/** Adds the commands on access keys: at the top, and beside the users whose keys they may be. */
export function addKeys(parent: Command, io: Io): void {
  const name = parent.name() === "iam" ? "stowage iam keys" : "stowage keys";
  const keys = parent
    .command("keys")
    .description("access keys of the account's root or of a user")
    .addHelpText(
      "after",
      `
Examples:
  ${name} list
  ${name} create --user ci --output json
  ${name} deactivate AKIAXXXXXXXXXXXXXXXX
  ${name} delete AKIAXXXXXXXXXXXXXXXX --user ci`,
    );

  add(keys, "list", "list access keys, without their secrets").action(async (options: Options) => {
    await withAdministration(io, options, async (administration) => {
      const { accessKeys } = await administration.listAccessKeys(ownerOf(options));
      const rows = accessKeys.map((key) => ({ ...key }));
      printMany(io, options.output, rows, ["accessKeyId", "status", "createdAt"]);
    });
  });

  add(keys, "create", "make an access key; its secret is shown now and never again").action(
    async (options: Options) => {
      await withAdministration(io, options, async (administration) => {
        printOne(io, options.output, { ...(await administration.createAccessKey(ownerOf(options))) });
      });
    },
  );

  const change = (verb: string, sentence: string, work: Change): void => {
    add(keys, `${verb} <access-key-id>`, sentence).action(async (accessKeyId: string, options: Options) => {
      const key = { accessKeyId, ...ownerOf(options) };
      await withAdministration(io, options, (administration) => work(administration, key));
      printDone(io, options.output);
    });
  };
  change("deactivate", "refuse an access key, and tokens made with it, from now on", (administration, key) =>
    administration.updateAccessKey({ ...key, status: "Inactive" }),
  );
  change("activate", "accept an access key again", (administration, key) =>
    administration.updateAccessKey({ ...key, status: "Active" }),
  );
  change("delete", "delete an access key for good", (administration, key) => administration.deleteAccessKey(key));
}

interface Key {
  readonly accessKeyId: string;
  readonly userName?: string;
}

type Change = (administration: Administration, key: Key) => Promise<unknown>;

function ownerOf({ user }: Options): { readonly userName?: string } {
  return user === undefined ? {} : { userName: user };
}

function add(keys: Command, name: string, sentence: string): Command {
  return addTargetOptions(keys.command(name).description(sentence))
    .option("--user <name>", "of this user; otherwise of whoever asks, on this machine the root")
    .addOption(outputOption());
}
