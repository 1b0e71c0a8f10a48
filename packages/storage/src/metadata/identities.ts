import type { RegistryId } from "@stowage/model";
import type {
  IdentityPolicies,
  IdentityReads,
  IdentityRow,
  IdentityWrites,
  ManagedPolicyRow,
  PolicyRow,
  ResourceTag,
} from "@stowage/registry";
import { accessChanged } from "./access-version.ts";
import type { Executor, Row } from "./executor.ts";
import { dateOf, isNull, numberOf, present, textOf } from "./executor.ts";
import * as sql from "./identity-sql.ts";

export class IdentityStore implements IdentityReads, IdentityWrites {
  readonly #db: Executor;

  constructor(db: Executor) {
    this.#db = db;
  }

  async find(arn: string): Promise<IdentityRow | undefined> {
    const row = await this.#db.get(sql.FIND, arn);
    return row && identityOf(row);
  }

  async findByName(account: RegistryId, kind: IdentityRow["kind"], name: string): Promise<IdentityRow | undefined> {
    const row = await this.#db.get(sql.FIND_BY_NAME, account, kind, name.toLowerCase());
    return row && identityOf(row);
  }

  async list(
    account: RegistryId,
    kind: IdentityRow["kind"],
    page: { readonly after?: string; readonly limit: number },
  ): Promise<IdentityRow[]> {
    return (await this.#db.all(sql.LIST, account, kind, page.after ?? "", page.limit)).map(identityOf);
  }

  async count(account: RegistryId, kind: IdentityRow["kind"]): Promise<number> {
    return numberOf(present(await this.#db.get(sql.COUNT, account, kind)), "count");
  }

  async groupsOf(userArn: string): Promise<IdentityRow[]> {
    return (await this.#db.all(sql.GROUPS_OF, userArn)).map(identityOf);
  }

  async membersOf(groupArn: string): Promise<IdentityRow[]> {
    return (await this.#db.all(sql.MEMBERS_OF, groupArn)).map(identityOf);
  }

  async inlinePolicies(arn: string): Promise<PolicyRow[]> {
    const rows = await this.#db.all(sql.INLINE_POLICIES, arn);
    return rows.map((row) => ({ name: textOf(row, "name"), text: textOf(row, "text") }));
  }

  async attachedPolicies(arn: string): Promise<string[]> {
    return (await this.#db.all(sql.ATTACHED, arn)).map((row) => textOf(row, "policy_arn"));
  }

  async findPolicy(arn: string): Promise<ManagedPolicyRow | undefined> {
    const row = await this.#db.get(sql.FIND_POLICY, arn);
    return row && managedPolicyOf(row);
  }

  async listPolicies(account: RegistryId): Promise<ManagedPolicyRow[]> {
    return (await this.#db.all(sql.LIST_POLICIES, account)).map(managedPolicyOf);
  }

  async usersOfPolicy(arn: string, limit: number): Promise<string[]> {
    const attached = await this.#db.all(sql.ATTACHED_USERS, arn, limit);
    const bounded = await this.#db.all(sql.BOUNDED_USERS, arn, limit);
    return [...new Set([...attached, ...bounded].map((row) => textOf(row, "arn")))].slice(0, limit);
  }

  /** All queries begin in one turn, so that no commit of this process comes between them. */
  async policiesOf(arn: string): Promise<IdentityPolicies | undefined> {
    const [row, inline, inlineOfGroups, attached, attachedToGroups, managed] = await Promise.all([
      this.#db.get(sql.FIND, arn),
      this.#db.all(sql.INLINE_POLICIES, arn),
      this.#db.all(sql.INLINE_POLICIES_OF_GROUPS, arn),
      this.#db.all(sql.ATTACHED, arn),
      this.#db.all(sql.ATTACHED_TO_GROUPS, arn),
      this.#db.all(sql.POLICIES_OF, arn),
    ]);
    if (row === undefined) return undefined;
    return {
      identity: identityOf(row),
      inline: [...inline, ...inlineOfGroups].map(inlinePolicyOf),
      attached: [...new Set([...attached, ...attachedToGroups].map((each) => textOf(each, "policy_arn")))],
      managed: managed.map(managedPolicyOf),
    };
  }

  async insert(identity: IdentityRow): Promise<void> {
    await this.#db.run(
      sql.INSERT,
      identity.arn,
      identity.accountId,
      identity.kind,
      identity.name,
      identity.name.toLowerCase(),
      identity.path,
      identity.uniqueId,
      identity.createdAt.getTime(),
      JSON.stringify(identity.tags),
      identity.boundaryArn ?? null,
      identity.trustPolicy ?? null,
      identity.maxSessionSeconds ?? null,
    );
    await accessChanged(this.#db);
  }

  async update(identity: IdentityRow): Promise<void> {
    const { arn, tags, boundaryArn = null, trustPolicy = null, maxSessionSeconds = null } = identity;
    const rows = await this.#db.run(sql.UPDATE, arn, JSON.stringify(tags), boundaryArn, trustPolicy, maxSessionSeconds);
    if (!(await accessChanged(this.#db, rows))) throw new Error(`there is no identity ${arn}`);
  }

  async delete(arn: string): Promise<void> {
    for (const text of sql.DELETE_CONTENTS) await this.#db.run(text, arn);
    const rows = await this.#db.run(sql.DELETE, arn);
    if (!(await accessChanged(this.#db, rows))) throw new Error(`there is no identity ${arn}`);
  }

  async addMember(groupArn: string, userArn: string): Promise<void> {
    await accessChanged(this.#db, await this.#db.run(sql.ADD_MEMBER, groupArn, userArn));
  }

  async removeMember(groupArn: string, userArn: string): Promise<boolean> {
    return accessChanged(this.#db, await this.#db.run(sql.REMOVE_MEMBER, groupArn, userArn));
  }

  async putInlinePolicy(arn: string, policy: PolicyRow): Promise<void> {
    await accessChanged(this.#db, await this.#db.run(sql.PUT_INLINE_POLICY, arn, policy.name, policy.text));
  }

  async deleteInlinePolicy(arn: string, name: string): Promise<boolean> {
    return accessChanged(this.#db, await this.#db.run(sql.DELETE_INLINE_POLICY, arn, name));
  }

  async attachPolicy(arn: string, policyArn: string): Promise<void> {
    await accessChanged(this.#db, await this.#db.run(sql.ATTACH, arn, policyArn));
  }

  async detachPolicy(arn: string, policyArn: string): Promise<boolean> {
    return accessChanged(this.#db, await this.#db.run(sql.DETACH, arn, policyArn));
  }

  async putPolicy(policy: ManagedPolicyRow): Promise<void> {
    const { arn, accountId, name, path, text, createdAt, updatedAt } = policy;
    const key = name.toLowerCase();
    const times = [createdAt.getTime(), updatedAt.getTime()];
    await this.#db.run(sql.PUT_POLICY, arn, accountId, name, key, path, text, ...times);
    await accessChanged(this.#db);
  }

  async deletePolicy(arn: string): Promise<boolean> {
    return accessChanged(this.#db, await this.#db.run(sql.DELETE_POLICY, arn));
  }
}

function inlinePolicyOf(row: Row): PolicyRow & { readonly owner: string } {
  return { owner: textOf(row, "identity_arn"), name: textOf(row, "name"), text: textOf(row, "text") };
}

function identityOf(row: Row): IdentityRow {
  return {
    arn: textOf(row, "arn"),
    accountId: textOf(row, "account_id") as RegistryId,
    kind: textOf(row, "kind") as IdentityRow["kind"],
    name: textOf(row, "name"),
    path: textOf(row, "path"),
    uniqueId: textOf(row, "unique_id"),
    createdAt: dateOf(row, "created_at"),
    tags: JSON.parse(textOf(row, "tags")) as readonly ResourceTag[],
    ...(isNull(row, "boundary_arn") ? {} : { boundaryArn: textOf(row, "boundary_arn") }),
    ...(isNull(row, "trust_policy") ? {} : { trustPolicy: textOf(row, "trust_policy") }),
    ...(isNull(row, "max_session_seconds") ? {} : { maxSessionSeconds: numberOf(row, "max_session_seconds") }),
  };
}

function managedPolicyOf(row: Row): ManagedPolicyRow {
  return {
    arn: textOf(row, "arn"),
    accountId: textOf(row, "account_id") as RegistryId,
    name: textOf(row, "name"),
    path: textOf(row, "path"),
    text: textOf(row, "text"),
    createdAt: dateOf(row, "created_at"),
    updatedAt: dateOf(row, "updated_at"),
  };
}
