import type { AdminOperations } from "@stowage/model";
import type { Command } from "commander";
import { UsageError } from "../exit-codes.ts";
import { readDocument } from "../documents.ts";
import type { Io } from "../io.ts";
import { printOne } from "../output.ts";
import { addCommand, administer, type Options } from "./command.ts";

interface Revoked {
  readonly principal?: string;
  readonly key?: string;
  readonly token?: string;
}

const EXAMPLES = `
Examples:
  stowage iam revoke --principal arn:aws:iam::000000000000:role/deployer
  stowage iam revoke --key ASIAXXXXXXXXXXXXXXXX
  stowage iam revoke --token - < token.txt

What was issued before is refused from the next request on. Access keys that do not expire stay good for new requests:
deactivate them with stowage iam keys deactivate.`;

export function addRevoke(iam: Command, io: Io): void {
  addCommand(iam, "revoke", "take sessions and tokens back that were issued until now")
    .option("--principal <arn>", "those of the root, a user, a role or a role's session")
    .option("--key <id>", "the tokens made with an access key, and of a session's key the session")
    .option("--token <->", "one docker password or authorization token; it is read from standard input")
    .addHelpText("after", EXAMPLES)
    .action(async ({ principal, key, token, ...options }: Options & Revoked) => {
      const input = await inputOf(io, { principal, key, token });
      const answer = await administer(io, options, (administration) => administration.revoke(input));
      printOne(io, options.output, { ...answer });
    });
}

async function inputOf(
  io: Io,
  { principal, key, token }: { readonly [N in keyof Revoked]: Revoked[N] | undefined },
): Promise<AdminOperations["Revoke"]["input"]> {
  if ([principal, key, token].filter((given) => given !== undefined).length !== 1) {
    throw new UsageError("Give one of --principal, --key and --token.");
  }
  if (principal !== undefined) return { principalArn: principal };
  if (key !== undefined) return { accessKeyId: key };
  // Others on the machine read command lines.
  if (token !== "-") throw new UsageError("--token takes - alone: the token itself comes on standard input.");
  return { token: (await readDocument(io, "-")).trim() };
}
