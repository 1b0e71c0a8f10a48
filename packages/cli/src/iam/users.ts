import type { Command } from "commander";
import { collect } from "../ecr-command.ts";
import type { Io } from "../io.ts";
import { printDone, printMany, printOne, type Row } from "../output.ts";
import type { User } from "@stowage/model";
import { addCommand, addNoun, administer, allItems, type Options } from "./command.ts";
import { printAnswer } from "./print-answer.ts";
import { addPermissionCommands } from "./permission-commands.ts";
import { boundaryOf } from "./policy-names.ts";
import { listText, tagsOf, tagsText } from "./words.ts";

interface Settings {
  readonly path?: string;
  readonly tag?: readonly string[];
  readonly boundary?: string;
}

const EXAMPLES = [
  "users create ci --tag team=build",
  "users attach ci AmazonEC2ContainerRegistryPowerUser",
  "users put-policy ci push push.json",
  "users show ci --output json",
  "users delete ci --force",
];

export function addUsers(iam: Command, io: Io): void {
  const users = addNoun(iam, "users", "users, who have access keys of their own", EXAMPLES);

  addCommand(users, "list", "list users by name").action(async (options: Options) => {
    const rows = await administer(io, options, (administration) =>
      allItems(async (page) => {
        const { users: items, nextToken } = await administration.listUsers(page);
        return { items, nextToken };
      }),
    );
    printMany(io, options.output, rows.map(userRow), ["userName", "arn", "createdAt"]);
  });

  addCommand(users, "show <name>", "a user with its groups and policies").action(
    async (userName: string, options: Options) => {
      const answer = await administer(io, options, (administration) => administration.getUser({ userName }));
      printAnswer(io, options.output, answer, {
        ...userRow(answer.user),
        groups: listText(answer.groupNames),
        attachedPolicies: listText(answer.attachedPolicies),
        inlinePolicies: listText(answer.inlinePolicies.map(({ policyName }) => policyName)),
      });
    },
  );

  addCommand(users, "create <name>", "make a user")
    .option("--path <path>", "where in the tree of names it stands, such as /ci/")
    .option("--tag <key=value>", "a tag; may be given several times", collect)
    .option("--boundary <policy>", "managed policy that bounds what it may do, by its name or ARN")
    .action(async (userName: string, { path, tag, boundary, ...options }: Options & Settings) => {
      const { user } = await administer(io, options, async (administration) =>
        administration.createUser({
          userName,
          ...(path !== undefined && { path }),
          ...(tag !== undefined && { tags: tagsOf(tag) }),
          ...(await boundaryOf(administration, boundary)),
        }),
      );
      printOne(io, options.output, userRow(user));
    });

  addCommand(users, "update <name>", "change a user's tags or boundary")
    .option("--tag <key=value>", "a tag; those that are given replace all", collect)
    .option("--boundary <policy>", "managed policy by its name or ARN, or none")
    .action(async (userName: string, { tag, boundary, ...options }: Options & Settings) => {
      const { user } = await administer(io, options, async (administration) =>
        administration.updateUser({
          userName,
          ...(tag !== undefined && { tags: tagsOf(tag) }),
          ...(await boundaryOf(administration, boundary)),
        }),
      );
      printOne(io, options.output, userRow(user));
    });

  addCommand(users, "delete <name>", "delete a user")
    .option("--force", "with its keys, policies and memberships")
    .action(async (userName: string, { force = false, ...options }: Options & { readonly force?: boolean }) => {
      await administer(io, options, (administration) => administration.deleteUser({ userName, force }));
      printDone(io, options.output);
    });

  addPermissionCommands(users, io, (userName) => ({ userName }));
}

function userRow({ tags, ...user }: User): Row {
  return { ...user, tags: tagsText(tags) };
}
