import type { Command } from "commander";
import { readDocument } from "../documents.ts";
import type { Io } from "../io.ts";
import { printDone } from "../output.ts";
import { addCommand, administer, type Options } from "./command.ts";
import { policyArnOf } from "./policy-names.ts";
import { printFindings } from "./words.ts";

type Named = { readonly userName: string } | { readonly groupName: string } | { readonly roleName: string };

/** Adds what users, groups and roles have in common: attached and inline policies. */
export function addPermissionCommands(noun: Command, io: Io, named: (name: string) => Named): void {
  addCommand(noun, "attach <name> <policy>", "attach a managed policy, by its name or ARN").action(
    async (name: string, policy: string, options: Options) => {
      await administer(io, options, async (administration) =>
        administration.attachPolicy({ ...named(name), policyArn: await policyArnOf(administration, policy) }),
      );
      printDone(io, options.output);
    },
  );
  addCommand(noun, "detach <name> <policy>", "take a managed policy away, by its name or ARN").action(
    async (name: string, policy: string, options: Options) => {
      await administer(io, options, async (administration) =>
        administration.detachPolicy({ ...named(name), policyArn: await policyArnOf(administration, policy) }),
      );
      printDone(io, options.output);
    },
  );
  addCommand(noun, "put-policy <name> <policy-name> <file>", "set an inline policy; - reads standard input").action(
    async (name: string, policyName: string, file: string, options: Options) => {
      const policyDocument = await readDocument(io, file);
      const { findings } = await administer(io, options, (administration) =>
        administration.putInlinePolicy({ ...named(name), policyName, policyDocument }),
      );
      printFindings(io, findings);
      printDone(io, options.output);
    },
  );
  addCommand(noun, "delete-policy <name> <policy-name>", "delete an inline policy").action(
    async (name: string, policyName: string, options: Options) => {
      await administer(io, options, (administration) =>
        administration.deleteInlinePolicy({ ...named(name), policyName }),
      );
      printDone(io, options.output);
    },
  );
}
