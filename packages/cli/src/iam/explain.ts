import type { Command } from "commander";
import type { Io } from "../io.ts";
import { isJson, printItem, printMany, printOne } from "../output.ts";
import { addCommand, administer, type Options } from "./command.ts";

interface Asked {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly sourceIp?: string;
  readonly for?: string;
}

const EXAMPLES = `
Examples:
  stowage iam explain --principal arn:aws:iam::000000000000:user/ci --action ecr:PutImage \\
    --resource arn:aws:ecr:us-east-1:000000000000:repository/app
  stowage iam explain --principal arn:aws:iam::000000000000:role/deployer --action ecr:GetAuthorizationToken \\
    --resource '*' --output json`;

export function addExplain(iam: Command, io: Io): void {
  addCommand(iam, "explain", "whether a principal may do something, and why")
    .requiredOption("--principal <arn>", "who would ask: the root, a user, a role or a role's session")
    .requiredOption("--action <name>", "what it would do, such as ecr:PutImage")
    .requiredOption("--resource <arn>", "what it would act on, or '*'")
    .option("--source-ip <address>", "address that the request would come from")
    .option("--for <region>", "region that the request would be for; the installation's own unless given")
    .addHelpText("after", EXAMPLES)
    .action(async ({ principal, action, resource, sourceIp, for: region, ...options }: Options & Asked) => {
      const answer = await administer(io, options, (administration) =>
        administration.explainAccess({
          principalArn: principal,
          action,
          resource,
          ...(sourceIp !== undefined && { sourceIp }),
          ...(region !== undefined && { region }),
        }),
      );
      if (isJson(options.output)) return printItem(io, options, answer, []);
      const { decision, reason, statements } = answer;
      printOne(io, options.output, { decision, reason });
      if (statements.length === 0) return;
      if (options.output === "table") io.stdout.write("\n");
      const rows = statements.map((statement) => ({ ...statement, sid: statement.sid ?? `#${statement.index}` }));
      printMany(io, options.output, rows, ["effect", "matched", "source", "policy", "sid", "because"]);
    });
}
