import { countPolicyChars, type Finding } from "@stowage/iam";
import { LimitExceededException, NoSuchEntityException, type RegistryId } from "@stowage/model";
import type { IdentityRow, PolicyRow } from "../ports/identity-rows.ts";
import type { Metadata, MetadataTransaction } from "../ports/metadata.ts";
import { checkDocument } from "./documents.ts";
import { requireIdentity } from "./identities.ts";
import { IDENTITY_LIMITS, MAX_ATTACHED_POLICIES, MAX_GROUPS_OF_USER, quotaExceeded } from "./limits.ts";
import { requireAttachable } from "./managed-policies.ts";
import type { IdentityName } from "./names.ts";

/** What identities may do: their groups, inline policies and attached policies. Each holds from the next request on. */
export class IdentityPermissions {
  readonly #metadata: Metadata;

  constructor(metadata: Metadata) {
    this.#metadata = metadata;
  }

  /** A user who is a member stays one. @throws NoSuchEntityException @throws LimitExceededException */
  addMember(account: RegistryId, groupName: string, userName: string): Promise<void> {
    return this.#metadata.transaction(async (rows) => {
      const { group, user } = await membership(rows, { account, groupName, userName });
      const groups = await rows.identities.groupsOf(user.arn);
      if (groups.some(({ arn }) => arn === group.arn)) return;
      if (groups.length >= MAX_GROUPS_OF_USER) throw quotaExceeded("GroupsPerUser", MAX_GROUPS_OF_USER);
      await rows.identities.addMember(group.arn, user.arn);
    });
  }

  /** A user who is no member is none afterwards either. @throws NoSuchEntityException */
  removeMember(account: RegistryId, groupName: string, userName: string): Promise<void> {
    return this.#metadata.transaction(async (rows) => {
      const { group, user } = await membership(rows, { account, groupName, userName });
      await rows.identities.removeMember(group.arn, user.arn);
    });
  }

  /**
   * Replaces a policy of the same name.
   * @returns advice on the document
   * @throws NoSuchEntityException @throws MalformedPolicyDocumentException @throws LimitExceededException
   */
  async putInlinePolicy(of: IdentityName, policy: PolicyRow): Promise<readonly Finding[]> {
    const findings = checkDocument(policy.text, "identity");
    return this.#metadata.transaction(async (rows) => {
      const identity = await requireIdentity(rows, of);
      const held = await rows.identities.inlinePolicies(identity.arn);
      checkInlineChars(identity, [...held.filter(({ name }) => name !== policy.name), policy]);
      await rows.identities.putInlinePolicy(identity.arn, policy);
      return findings;
    });
  }

  /** @throws NoSuchEntityException */
  deleteInlinePolicy(of: IdentityName, name: string): Promise<void> {
    return this.#metadata.transaction(async (rows) => {
      const { arn, kind } = await requireIdentity(rows, of);
      if (await rows.identities.deleteInlinePolicy(arn, name)) return;
      throw new NoSuchEntityException(`The ${kind} policy with name ${name} cannot be found.`);
    });
  }

  /** A policy that is attached stays so. @throws NoSuchEntityException @throws LimitExceededException */
  attachPolicy(of: IdentityName, policyArn: string): Promise<void> {
    return this.#metadata.transaction(async (rows) => {
      const { arn, kind } = await requireIdentity(rows, of);
      await requireAttachable(rows, of.account, policyArn);
      const attached = await rows.identities.attachedPolicies(arn);
      if (attached.includes(policyArn)) return;
      if (attached.length >= MAX_ATTACHED_POLICIES) {
        throw quotaExceeded(IDENTITY_LIMITS[kind].policies, MAX_ATTACHED_POLICIES);
      }
      await rows.identities.attachPolicy(arn, policyArn);
    });
  }

  /** @throws NoSuchEntityException */
  detachPolicy(of: IdentityName, policyArn: string): Promise<void> {
    return this.#metadata.transaction(async (rows) => {
      const { arn } = await requireIdentity(rows, of);
      if (await rows.identities.detachPolicy(arn, policyArn)) return;
      throw new NoSuchEntityException(`Policy ${policyArn} was not found.`);
    });
  }
}

async function membership(
  rows: Pick<MetadataTransaction, "identities">,
  of: { readonly account: RegistryId; readonly groupName: string; readonly userName: string },
): Promise<{ readonly group: IdentityRow; readonly user: IdentityRow }> {
  const { account, groupName, userName } = of;
  return {
    group: await requireIdentity(rows, { account, kind: "group", name: groupName }),
    user: await requireIdentity(rows, { account, kind: "user", name: userName }),
  };
}

/** @throws LimitExceededException */
function checkInlineChars({ kind, name }: IdentityRow, policies: readonly PolicyRow[]): void {
  const limit = IDENTITY_LIMITS[kind].inlineChars;
  const chars = policies.reduce((sum, { text }) => sum + countPolicyChars(text), 0);
  if (chars > limit)
    throw new LimitExceededException(`Maximum policy size of ${limit} bytes exceeded for ${kind} ${name}`);
}
