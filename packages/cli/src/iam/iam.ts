import type { Command } from "commander";
import { addGroup } from "../ecr-command.ts";
import type { Io } from "../io.ts";
import { addKeys } from "../keys.ts";
import { addAccounts } from "./accounts.ts";
import { addApply } from "./apply.ts";
import { addExplain } from "./explain.ts";
import { addGroups } from "./groups.ts";
import { addPolicies } from "./policies.ts";
import { addRevoke } from "./revoke.ts";
import { addRoles } from "./roles.ts";
import { addUsers } from "./users.ts";

const EXAMPLES = [
  "stowage iam users create ci",
  "stowage iam users attach ci AmazonEC2ContainerRegistryReadOnly",
  "stowage iam keys create --user ci --output json",
  "stowage iam roles create deployer --trust trust.json",
  "stowage iam apply -f iam.yaml --dry-run",
  "stowage iam explain --principal arn:aws:iam::000000000000:user/ci --action ecr:PutImage --resource '*'",
  "stowage iam revoke --principal arn:aws:iam::000000000000:role/deployer",
];

export function addIam(program: Command, io: Io): void {
  const summary = "users, groups, roles, policies and keys, and who may do what";
  const iam = addGroup(program, { usage: "iam", summary, examples: EXAMPLES });
  addUsers(iam, io);
  addGroups(iam, io);
  addRoles(iam, io);
  addPolicies(iam, io);
  addKeys(iam, io);
  addAccounts(iam, io);
  addExplain(iam, io);
  addRevoke(iam, io);
  addApply(iam, io);
}
