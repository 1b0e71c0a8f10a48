import type { AdminOperations, ManagedPolicy } from "@stowage/model";
import type { Administration } from "../../administration.ts";
import { allItems } from "../command.ts";
import type { DeclaredAccount } from "./declared.ts";

export type IdentityKind = "user" | "group" | "role";

/** An identity as it is, or as it is to be. */
export interface IdentityState {
  readonly kind: IdentityKind;
  readonly name: string;
  readonly path: string;
  readonly tags: ReadonlyMap<string, string>;
  /** ARN of a managed policy, or its name where it is still to be made. */
  readonly boundary?: string;
  /** Names, of a user. */
  readonly groups: readonly string[];
  /** ARNs of managed policies, or their names where they are still to be made. */
  readonly attached: readonly string[];
  /** Texts by name. */
  readonly inline: ReadonlyMap<string, string>;
  /** Of a role. */
  readonly trust?: { readonly text: string; readonly maxSessionDuration: number };
}

/** What an account has, by names in lower case: names differ by more than case. */
export interface AccountState {
  /** Those of AWS too, where the account has none of the same name. */
  readonly policies: ReadonlyMap<string, ManagedPolicy>;
  /** Texts of the account's own policies that the file names. */
  readonly documents: ReadonlyMap<string, string>;
  /** Names of all identities. */
  readonly names: Readonly<Record<IdentityKind, ReadonlyMap<string, string>>>;
  /** Those that the file names. */
  readonly identities: Readonly<Record<IdentityKind, ReadonlyMap<string, IdentityState>>>;
}

const NOTHING: AccountState["names"] = { user: new Map(), group: new Map(), role: new Map() };

/** What an account has when it has just been made: the policies of AWS. */
export function emptyAccount(ofAws: readonly ManagedPolicy[]): AccountState {
  const policies = new Map(ofAws.map((policy) => [lower(policy.policyName), policy]));
  return { policies, documents: new Map(), names: NOTHING, identities: NO_IDENTITIES };
}

const NO_IDENTITIES: AccountState["identities"] = { user: new Map(), group: new Map(), role: new Map() };

/** Reads what the file is compared with, and no more. */
export async function readAccount(administration: Administration, declared: DeclaredAccount): Promise<AccountState> {
  const policies = new Map<string, ManagedPolicy>();
  for (const policy of (await administration.listPolicies()).policies) policies.set(lower(policy.policyName), policy);
  const documents = new Map<string, string>();
  for (const name of declared.policies?.keys() ?? []) {
    const policy = policies.get(lower(name));
    if (policy === undefined || policy.isAwsManaged) continue;
    documents.set(lower(name), (await administration.getPolicy(policy)).policyDocument);
  }
  const names = await readNames(administration);
  return { policies, documents, names, identities: await readIdentities(administration, declared, names) };
}

async function readNames(administration: Administration): Promise<AccountState["names"]> {
  const users = await allItems(async (page) => {
    const answer = await administration.listUsers(page);
    return { items: answer.users, nextToken: answer.nextToken };
  });
  const groups = await allItems(async (page) => {
    const answer = await administration.listGroups(page);
    return { items: answer.groups, nextToken: answer.nextToken };
  });
  const roles = await allItems(async (page) => {
    const answer = await administration.listRoles(page);
    return { items: answer.roles, nextToken: answer.nextToken };
  });
  return {
    user: byLowerCase(users.map(({ userName }) => userName)),
    group: byLowerCase(groups.map(({ groupName }) => groupName)),
    role: byLowerCase(roles.map(({ roleName }) => roleName)),
  };
}

async function readIdentities(
  administration: Administration,
  declared: DeclaredAccount,
  names: AccountState["names"],
): Promise<AccountState["identities"]> {
  const there = (kind: IdentityKind, section: ReadonlyMap<string, unknown> | undefined): readonly string[] =>
    [...(section?.keys() ?? [])].filter((name) => names[kind].has(lower(name)));
  const [user, group, role] = [new Map(), new Map(), new Map()] as Map<string, IdentityState>[];
  if (user === undefined || group === undefined || role === undefined) throw new Error("a kind has no map");
  for (const userName of there("user", declared.users)) {
    user.set(lower(userName), userState(await administration.getUser({ userName })));
  }
  for (const groupName of there("group", declared.groups)) {
    group.set(lower(groupName), groupState(await administration.getGroup({ groupName })));
  }
  for (const roleName of there("role", declared.roles)) {
    role.set(lower(roleName), roleState(await administration.getRole({ roleName })));
  }
  return { user, group, role };
}

function userState({ user, groupNames, ...policies }: AdminOperations["GetUser"]["output"]): IdentityState {
  const { userName: name, path, tags, permissionsBoundary } = user;
  return { kind: "user", name, path, ...tagged(tags, permissionsBoundary), groups: groupNames, ...held(policies) };
}

function groupState({ group, ...policies }: AdminOperations["GetGroup"]["output"]): IdentityState {
  const { groupName: name, path } = group;
  return { kind: "group", name, path, tags: new Map(), groups: [], ...held(policies) };
}

function roleState({ role, ...policies }: AdminOperations["GetRole"]["output"]): IdentityState {
  const { roleName: name, path, tags, permissionsBoundary, trustPolicy: text, maxSessionDuration } = role;
  const trust = { text, maxSessionDuration };
  return { kind: "role", name, path, ...tagged(tags, permissionsBoundary), groups: [], ...held(policies), trust };
}

function tagged(
  tags: readonly { readonly key: string; readonly value: string }[],
  boundary: string | undefined,
): Pick<IdentityState, "tags" | "boundary"> {
  const byKey = new Map(tags.map(({ key, value }) => [key, value]));
  return boundary === undefined ? { tags: byKey } : { tags: byKey, boundary };
}

function held({
  attachedPolicies,
  inlinePolicies,
}: Pick<AdminOperations["GetGroup"]["output"], "attachedPolicies" | "inlinePolicies">): Pick<
  IdentityState,
  "attached" | "inline"
> {
  const inline = new Map(inlinePolicies.map(({ policyName, policyDocument }) => [policyName, policyDocument]));
  return { attached: attachedPolicies, inline };
}

function byLowerCase(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [lower(name), name]));
}

export function lower(name: string): string {
  return name.toLowerCase();
}
