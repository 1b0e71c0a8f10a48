import type { ManagedPolicy, PolicyScope, PolicyType } from "@stowage/model";
import { Option, type Command } from "commander";
import { UsageError } from "../exit-codes.ts";
import { readDocument } from "../documents.ts";
import type { Io } from "../io.ts";
import { printDone, printMany, printOne, type Row } from "../output.ts";
import { addCommand, addNoun, administer, type Options } from "./command.ts";
import { printAnswer } from "./print-answer.ts";
import { policyArnOf } from "./policy-names.ts";
import { listText, printFindings } from "./words.ts";

const EXAMPLES = [
  "policies create push push.json",
  "policies list --scope AWS",
  "policies show AmazonEC2ContainerRegistryPullOnly",
  "policies validate push.json",
];

export function addPolicies(iam: Command, io: Io): void {
  const policies = addNoun(iam, "policies", "managed policies, which any number of identities may have", EXAMPLES);

  addCommand(policies, "list", "list managed policies by name, those of AWS first")
    .addOption(new Option("--scope <scope>", "whose policies").choices(["All", "AWS", "Local"]).default("All"))
    .action(async ({ scope, ...options }: Options & { readonly scope: PolicyScope }) => {
      const answer = await administer(io, options, (administration) => administration.listPolicies({ scope }));
      printMany(io, options.output, answer.policies.map(policyRow), ["policyName", "policyArn", "updatedAt"]);
    });

  addCommand(policies, "show <policy>", "a managed policy with its document, by its name or ARN").action(
    async (policy: string, options: Options) => {
      const answer = await administer(io, options, async (administration) =>
        administration.getPolicy({ policyArn: await policyArnOf(administration, policy) }),
      );
      printAnswer(io, options.output, answer, { ...policyRow(answer.policy), usedBy: listText(answer.usedBy) });
      if (options.output === "table") io.stdout.write(`\n${answer.policyDocument.trimEnd()}\n`);
    },
  );

  addCommand(policies, "create <name> <file>", "make a managed policy; - reads standard input")
    .option("--path <path>", "where in the tree of names it stands, such as /ci/")
    .action(async (policyName: string, file: string, { path, ...options }: Options & { readonly path?: string }) => {
      const given = { policyName, policyDocument: await readDocument(io, file), ...(path !== undefined && { path }) };
      const answer = await administer(io, options, (administration) => administration.createPolicy(given));
      printFindings(io, answer.findings);
      printOne(io, options.output, policyRow(answer.policy));
    });

  addCommand(policies, "update <policy> <file>", "replace the document of a managed policy").action(
    async (policy: string, file: string, options: Options) => {
      const policyDocument = await readDocument(io, file);
      const answer = await administer(io, options, async (administration) =>
        administration.updatePolicy({ policyArn: await policyArnOf(administration, policy), policyDocument }),
      );
      printFindings(io, answer.findings);
      printOne(io, options.output, policyRow(answer.policy));
    },
  );

  addCommand(policies, "delete <policy>", "delete a managed policy that nobody has").action(
    async (policy: string, options: Options) => {
      await administer(io, options, async (administration) =>
        administration.deletePolicy({ policyArn: await policyArnOf(administration, policy) }),
      );
      printDone(io, options.output);
    },
  );

  addValidate(policies, io);
}

function addValidate(policies: Command, io: Io): void {
  addCommand(policies, "validate <file>", "tell what is wrong with a document, or unwise; - reads standard input")
    .addOption(new Option("--type <type>", "what it is for").choices(["identity", "trust"]).default("identity"))
    .action(async (file: string, { type, ...options }: Options & { readonly type: PolicyType }) => {
      const policyDocument = await readDocument(io, file);
      const { findings } = await administer(io, options, (administration) =>
        administration.validatePolicy({ policyDocument, policyType: type }),
      );
      const rows = findings.map((finding) => ({ ...finding }));
      printMany(io, options.output, rows, ["severity", "path", "line", "column", "message"]);
      const errors = findings.filter(({ severity }) => severity === "error").length;
      if (errors > 0) throw new UsageError(`The document has ${errors === 1 ? "an error" : `${errors} errors`}.`);
    });
}

function policyRow(policy: ManagedPolicy): Row {
  return { ...policy };
}
