import type { Command } from "commander";
import { printDocument, readDocument } from "./documents.ts";
import { addEcrCommand, addGroup, withEcr, type EcrOptions } from "./ecr-command.ts";
import { parseRepositoryName } from "./image-name.ts";
import type { Io } from "./io.ts";

export function addPolicies(program: Command, io: Io): void {
  const policies = addGroup(program, {
    usage: "policies",
    summary: "say who may do what with a repository",
    examples: [
      "stowage policies get team/app > policy.json",
      "stowage policies set team/app policy.json",
      "stowage policies delete team/app",
    ],
  });

  addEcrCommand(policies, {
    usage: "get <repository>",
    summary: "print the policy of a repository",
    details: "With --output text the document is printed exactly as it is stored.",
    examples: ["stowage policies get team/app", "stowage policies get team/app --output json"],
  }).action((name: string, options: EcrOptions) => {
    const repositoryName = parseRepositoryName(name);
    return withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
      const answer = await ecr.getRepositoryPolicy({ repositoryName, registryId: options.registryId });
      printDocument(io, options, answer, answer.policyText);
    });
  });

  addEcrCommand(policies, {
    usage: "set <repository> <file>",
    summary: "set the policy of a repository from a file; - is standard input",
    examples: [
      "stowage policies set team/app policy.json",
      "stowage policies get team/app | stowage policies set team/job -",
    ],
  })
    .option("--force", "set it even if it would keep you from setting another")
    .action(async (name: string, file: string, options: EcrOptions & { readonly force?: boolean }) => {
      const repositoryName = parseRepositoryName(name);
      const policyText = await readDocument(io, file);
      await withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
        const { registryId, force } = options;
        const answer = await ecr.setRepositoryPolicy({ repositoryName, registryId, policyText, force });
        printDocument(io, options, answer, answer.policyText);
      });
    });

  addEcrCommand(policies, {
    usage: "delete <repository>",
    summary: "delete the policy of a repository, and print what it was",
    examples: ["stowage policies delete team/app > policy.json"],
  }).action((name: string, options: EcrOptions) => {
    const repositoryName = parseRepositoryName(name);
    return withEcr(io, { options, subject: { repositoryName } }, async (ecr) => {
      const answer = await ecr.deleteRepositoryPolicy({ repositoryName, registryId: options.registryId });
      printDocument(io, options, answer, answer.policyText);
    });
  });
}
