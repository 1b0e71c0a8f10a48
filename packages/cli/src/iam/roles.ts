import type { Role } from "@stowage/model";
import type { Command } from "commander";
import { readDocument } from "../documents.ts";
import { collect } from "../ecr-command.ts";
import type { Io } from "../io.ts";
import { printDone, printMany, printOne, type Row } from "../output.ts";
import { addCommand, addNoun, administer, allItems, type Options } from "./command.ts";
import { printAnswer } from "./print-answer.ts";
import { addPermissionCommands } from "./permission-commands.ts";
import { boundaryOf } from "./policy-names.ts";
import { listText, printFindings, secondsOf, tagsOf, tagsText } from "./words.ts";

interface Settings {
  readonly trust?: string;
  readonly maxSession?: string;
  readonly path?: string;
  readonly tag?: readonly string[];
  readonly boundary?: string;
}

const EXAMPLES = [
  "roles create deployer --trust trust.json --max-session 7200",
  "roles attach deployer AmazonEC2ContainerRegistryPullOnly",
  "roles update deployer --trust trust.json",
  "roles show deployer --output json",
];

export function addRoles(iam: Command, io: Io): void {
  const roles = addNoun(iam, "roles", "roles, which others assume for a session", EXAMPLES);

  addCommand(roles, "list", "list roles by name").action(async (options: Options) => {
    const rows = await administer(io, options, (administration) =>
      allItems(async (page) => {
        const { roles: items, nextToken } = await administration.listRoles(page);
        return { items, nextToken };
      }),
    );
    printMany(io, options.output, rows.map(roleRow), ["roleName", "arn", "createdAt"]);
  });

  addCommand(roles, "show <name>", "a role with whom it trusts and its policies").action(
    async (roleName: string, options: Options) => {
      const answer = await administer(io, options, (administration) => administration.getRole({ roleName }));
      printAnswer(io, options.output, answer, {
        ...roleRow(answer.role),
        attachedPolicies: listText(answer.attachedPolicies),
        inlinePolicies: listText(answer.inlinePolicies.map(({ policyName }) => policyName)),
      });
      if (options.output === "table") io.stdout.write(`\n${answer.role.trustPolicy.trimEnd()}\n`);
    },
  );

  addSettings(
    addCommand(roles, "create <name>", "make a role")
      .requiredOption("--trust <file>", "policy document that says who may assume it; - reads standard input")
      .option("--path <path>", "where in the tree of names it stands, such as /ci/"),
  ).action(async (roleName: string, { trust = "", path, ...given }: Options & Settings) => {
    const trustPolicy = await readDocument(io, trust);
    const { role, findings } = await administer(io, given, async (administration) =>
      administration.createRole({
        roleName,
        trustPolicy,
        ...(path !== undefined && { path }),
        ...settingsOf(given),
        ...(await boundaryOf(administration, given.boundary)),
      }),
    );
    printFindings(io, findings);
    printOne(io, given.output, roleRow(role));
  });

  addSettings(
    addCommand(roles, "update <name>", "change whom a role trusts, its sessions, tags or boundary").option(
      "--trust <file>",
      "policy document that says who may assume it; - reads standard input",
    ),
  ).action(async (roleName: string, { trust, ...given }: Options & Settings) => {
    const trustPolicy = trust === undefined ? undefined : await readDocument(io, trust);
    const { role, findings } = await administer(io, given, async (administration) =>
      administration.updateRole({
        roleName,
        ...(trustPolicy !== undefined && { trustPolicy }),
        ...settingsOf(given),
        ...(await boundaryOf(administration, given.boundary)),
      }),
    );
    printFindings(io, findings);
    printOne(io, given.output, roleRow(role));
  });

  addCommand(roles, "delete <name>", "delete a role with its sessions")
    .option("--force", "with its policies")
    .action(async (roleName: string, { force = false, ...options }: Options & { readonly force?: boolean }) => {
      await administer(io, options, (administration) => administration.deleteRole({ roleName, force }));
      printDone(io, options.output);
    });

  addPermissionCommands(roles, io, (roleName) => ({ roleName }));
}

function addSettings(command: Command): Command {
  return command
    .option("--max-session <seconds>", "longest session, 3600 to 43200")
    .option("--tag <key=value>", "a tag; those that are given replace all", collect)
    .option("--boundary <policy>", "managed policy that bounds what it may do, by its name or ARN, or none");
}

function settingsOf({ maxSession, tag }: Settings): {
  readonly maxSessionDuration?: number;
  readonly tags?: ReturnType<typeof tagsOf>;
} {
  return {
    ...(maxSession !== undefined && { maxSessionDuration: secondsOf(maxSession) }),
    ...(tag !== undefined && { tags: tagsOf(tag) }),
  };
}

function roleRow(role: Role): Row {
  const { tags, trustPolicy: _, ...others } = role;
  return { ...others, tags: tagsText(tags) };
}
