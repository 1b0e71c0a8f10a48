import type { Command } from "commander";
import type { Io } from "../io.ts";
import { printDone, printMany, printOne } from "../output.ts";
import { addCommand, addNoun, administer, allItems, type Options } from "./command.ts";
import { printAnswer } from "./print-answer.ts";
import { addPermissionCommands } from "./permission-commands.ts";
import { listText } from "./words.ts";

const EXAMPLES = ["groups create developers", "groups add developers ann bob", "groups attach developers push"];

export function addGroups(iam: Command, io: Io): void {
  const groups = addNoun(iam, "groups", "groups of users, whose policies count for each of them", EXAMPLES);

  addCommand(groups, "list", "list groups by name").action(async (options: Options) => {
    const rows = await administer(io, options, (administration) =>
      allItems(async (page) => {
        const { groups: items, nextToken } = await administration.listGroups(page);
        return { items, nextToken };
      }),
    );
    printMany(
      io,
      options.output,
      rows.map((group) => ({ ...group })),
      ["groupName", "arn", "createdAt"],
    );
  });

  addCommand(groups, "show <name>", "a group with its members and policies").action(
    async (groupName: string, options: Options) => {
      const answer = await administer(io, options, (administration) => administration.getGroup({ groupName }));
      printAnswer(io, options.output, answer, {
        ...answer.group,
        users: listText(answer.userNames),
        attachedPolicies: listText(answer.attachedPolicies),
        inlinePolicies: listText(answer.inlinePolicies.map(({ policyName }) => policyName)),
      });
    },
  );

  addCommand(groups, "create <name>", "make a group")
    .option("--path <path>", "where in the tree of names it stands, such as /ci/")
    .action(async (groupName: string, { path, ...options }: Options & { readonly path?: string }) => {
      const given = { groupName, ...(path !== undefined && { path }) };
      const { group } = await administer(io, options, (administration) => administration.createGroup(given));
      printOne(io, options.output, { ...group });
    });

  addCommand(groups, "delete <name>", "delete a group")
    .option("--force", "with its policies and memberships")
    .action(async (groupName: string, { force = false, ...options }: Options & { readonly force?: boolean }) => {
      await administer(io, options, (administration) => administration.deleteGroup({ groupName, force }));
      printDone(io, options.output);
    });

  addCommand(groups, "add <name> <user...>", "make users members").action(
    async (groupName: string, userNames: readonly string[], options: Options) => {
      await administer(io, options, async (administration) => {
        for (const userName of userNames) await administration.addUserToGroup({ groupName, userName });
      });
      printDone(io, options.output);
    },
  );

  addCommand(groups, "remove <name> <user...>", "end the membership of users").action(
    async (groupName: string, userNames: readonly string[], options: Options) => {
      await administer(io, options, async (administration) => {
        for (const userName of userNames) await administration.removeUserFromGroup({ groupName, userName });
      });
      printDone(io, options.output);
    },
  );

  addPermissionCommands(groups, io, (groupName) => ({ groupName }));
}
