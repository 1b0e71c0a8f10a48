import type { Finding } from "@stowage/iam";
import { MAX_MANAGED_POLICY_CHARS } from "@stowage/iam";
import { DeleteConflictException, EntityAlreadyExistsException, type RegistryId } from "@stowage/model";
import { findAwsManagedPolicy } from "../access/aws-managed-policies.ts";
import type { ManagedPolicyRow } from "../ports/identity-rows.ts";
import type { Metadata, MetadataReads } from "../ports/metadata.ts";
import type { Clock } from "../ports/runtime.ts";
import { checkDocument } from "./documents.ts";
import { noSuchPolicy } from "./identity-errors.ts";
import { checkChars, MAX_POLICIES_PER_ACCOUNT, quotaExceeded } from "./limits.ts";
import { policyArn } from "./names.ts";

/** Identities of a policy that one answer tells. */
const TOLD_USERS = 100;

export interface NewManagedPolicy {
  readonly name: string;
  readonly path?: string;
  readonly document: string;
}

/** What was stored, with advice on its document. */
export interface StoredPolicy {
  readonly policy: ManagedPolicyRow;
  readonly findings: readonly Finding[];
}

/** Policies that the identities of an account share. Those of AWS are everyone's and nobody's to change. */
export class ManagedPolicies {
  readonly #metadata: Metadata;
  readonly #clock: Clock;

  constructor(metadata: Metadata, clock: Clock) {
    this.#metadata = metadata;
    this.#clock = clock;
  }

  /**
   * @throws EntityAlreadyExistsException the account has a policy of this name, in whatever case and path
   * @throws MalformedPolicyDocumentException @throws LimitExceededException
   */
  async create(account: RegistryId, { name, path = "/", document }: NewManagedPolicy): Promise<StoredPolicy> {
    const findings = checkManagedDocument(document);
    const now = this.#clock.now();
    const arn = policyArn(account, name, path);
    const policy = { arn, accountId: account, name, path, text: document, createdAt: now, updatedAt: now };
    return this.#metadata.transaction(async ({ accounts, identities }) => {
      const others = await identities.listPolicies(account);
      if (others.some((other) => other.name.toLowerCase() === name.toLowerCase())) {
        throw new EntityAlreadyExistsException(
          `A policy called ${name} already exists. Duplicate names are not allowed.`,
        );
      }
      if (others.length >= MAX_POLICIES_PER_ACCOUNT)
        throw quotaExceeded("PoliciesPerAccount", MAX_POLICIES_PER_ACCOUNT);
      // Under `--open` callers come from accounts that nobody made.
      await accounts.insert({ id: account, createdAt: now });
      await identities.putPolicy(policy);
      return { policy, findings };
    });
  }

  /** A policy of the account. @throws NoSuchEntityException */
  find(account: RegistryId, arn: string): Promise<ManagedPolicyRow> {
    return requirePolicy(this.#metadata, account, arn);
  }

  /** Policies of the account by name; AWS's own are not among them. */
  list(account: RegistryId): Promise<readonly ManagedPolicyRow[]> {
    return this.#metadata.identities.listPolicies(account);
  }

  /** ARNs of identities that it is attached to or bounds, of AWS's policies those of the account; at most 100. */
  async users(account: RegistryId, arn: string): Promise<readonly string[]> {
    const users = await this.#metadata.identities.usersOfPolicy(arn, TOLD_USERS);
    return users.filter((user) => user.startsWith(`arn:aws:iam::${account}:`));
  }

  /** @throws NoSuchEntityException @throws MalformedPolicyDocumentException @throws LimitExceededException */
  async update(account: RegistryId, arn: string, document: string): Promise<StoredPolicy> {
    const findings = checkManagedDocument(document);
    return this.#metadata.transaction(async (rows) => {
      const before = await requirePolicy(rows, account, arn);
      const policy = { ...before, text: document, updatedAt: this.#clock.now() };
      await rows.identities.putPolicy(policy);
      return { policy, findings };
    });
  }

  /** @throws NoSuchEntityException @throws DeleteConflictException it is attached to an identity or bounds one */
  delete(account: RegistryId, arn: string): Promise<void> {
    return this.#metadata.transaction(async (rows) => {
      await requirePolicy(rows, account, arn);
      const [user] = await rows.identities.usersOfPolicy(arn, 1);
      if (user !== undefined) {
        throw new DeleteConflictException(`Cannot delete a policy attached to entities: ${user} has it.`);
      }
      await rows.identities.deletePolicy(arn);
    });
  }
}

function checkManagedDocument(document: string): readonly Finding[] {
  checkChars(document, "PolicySize", MAX_MANAGED_POLICY_CHARS);
  return checkDocument(document, "identity");
}

async function requirePolicy(
  rows: Pick<MetadataReads, "identities">,
  account: RegistryId,
  arn: string,
): Promise<ManagedPolicyRow> {
  const policy = await rows.identities.findPolicy(arn);
  if (policy?.accountId !== account) throw noSuchPolicy(arn);
  return policy;
}

/** @throws NoSuchEntityException it is neither AWS's nor the account's */
export async function requireAttachable(
  rows: Pick<MetadataReads, "identities">,
  account: RegistryId,
  arn: string,
): Promise<void> {
  if (findAwsManagedPolicy(arn) === undefined) await requirePolicy(rows, account, arn);
}
