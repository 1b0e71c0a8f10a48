import type { Command } from "commander";
import { printDocument, readDocument } from "./documents.ts";
import { addEcrCommand, addGroup, withEcr, type EcrOptions } from "./ecr-command.ts";
import type { Io } from "./io.ts";
import { printItem } from "./output.ts";

export function addRegistry(program: Command, io: Io): void {
  const registry = addGroup(program, {
    usage: "registry",
    summary: "what belongs to the registry as a whole",
    examples: ["stowage registry show", "stowage registry policy set policy.json"],
  });

  addEcrCommand(registry, {
    usage: "show",
    summary: "show the id of the registry and its replication rules",
    examples: ["stowage registry show", "stowage registry show --output json"],
  }).action((options: EcrOptions) =>
    withEcr(io, { options }, async (ecr, { endpoint }) => {
      printItem(io, options, await ecr.describeRegistry(), [
        { heading: "Registry", of: (answer) => answer.registryId },
        { heading: "Endpoint", of: () => endpoint },
        { heading: "Replication rules", of: (answer) => answer.replicationConfiguration?.rules.length },
      ]);
    }),
  );
  addPolicy(registry, io);
}

function addPolicy(registry: Command, io: Io): void {
  const policy = addGroup(registry, {
    usage: "policy",
    summary: "say who may do what with the registry",
    examples: ["stowage registry policy get > policy.json", "stowage registry policy set policy.json"],
  });

  addEcrCommand(policy, {
    usage: "get",
    summary: "print the policy of the registry",
    examples: ["stowage registry policy get", "stowage registry policy get --output json"],
  }).action((options: EcrOptions) =>
    withEcr(io, { options }, async (ecr) => {
      const answer = await ecr.getRegistryPolicy();
      printDocument(io, options, answer, answer.policyText);
    }),
  );

  addEcrCommand(policy, {
    usage: "set <file>",
    summary: "set the policy of the registry from a file; - is standard input",
    examples: ["stowage registry policy set policy.json"],
  }).action(async (file: string, options: EcrOptions) => {
    const policyText = await readDocument(io, file);
    await withEcr(io, { options }, async (ecr) => {
      const answer = await ecr.putRegistryPolicy({ policyText });
      printDocument(io, options, answer, answer.policyText);
    });
  });

  addEcrCommand(policy, {
    usage: "delete",
    summary: "delete the policy of the registry, and print what it was",
    examples: ["stowage registry policy delete > policy.json"],
  }).action((options: EcrOptions) =>
    withEcr(io, { options }, async (ecr) => {
      const answer = await ecr.deleteRegistryPolicy();
      printDocument(io, options, answer, answer.policyText);
    }),
  );
}
