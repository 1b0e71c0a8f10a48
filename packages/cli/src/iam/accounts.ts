import type { Command } from "commander";
import type { Io } from "../io.ts";
import { printMany, printOne } from "../output.ts";
import { addCommand, addNoun, administer, type Options } from "./command.ts";

const EXAMPLES = ["accounts create 111111111111", "accounts list", "users list --account 111111111111"];

export function addAccounts(iam: Command, io: Io): void {
  const accounts = addNoun(iam, "accounts", "accounts, each with registries and identities of its own", EXAMPLES);

  addCommand(accounts, "list", "list the accounts").action(async (options: Options) => {
    const answer = await administer(io, options, (administration) => administration.listAccounts());
    const rows = answer.accounts.map((account) => ({ ...account }));
    printMany(io, options.output, rows, ["accountId", "createdAt"]);
  });

  addCommand(accounts, "create <account-id>", "make an account; stowage env --account prints its root's key").action(
    async (accountId: string, options: Options) => {
      const { account } = await administer(io, options, (administration) =>
        administration.createAccount({ accountId }),
      );
      printOne(io, options.output, { ...account });
    },
  );
}
