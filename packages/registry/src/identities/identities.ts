import type { Finding } from "@stowage/iam";
import { EntityAlreadyExistsException, InvalidParameterException, type RegistryId } from "@stowage/model";
import { cutPage, type Page, type PageRequest } from "../paging/page.ts";
import type { IdentityRow, PolicyRow } from "../ports/identity-rows.ts";
import type { Metadata, MetadataReads } from "../ports/metadata.ts";
import type { ResourceTag } from "../ports/repository-rows.ts";
import type { Clock, Ids } from "../ports/runtime.ts";
import { checkNothingHangsOn } from "./deletion.ts";
import { checkDocument } from "./documents.ts";
import { noSuchIdentity } from "./identity-errors.ts";
import { checkChars, IDENTITY_LIMITS, MAX_TRUST_POLICY_CHARS, quotaExceeded } from "./limits.ts";
import { requireAttachable } from "./managed-policies.ts";
import { identityArn, newUniqueId, type IdentityName } from "./names.ts";
import { checkTags } from "./tags.ts";

/** How long a session of a role may last unless the role says otherwise. */
const DEFAULT_MAX_SESSION_SECONDS = 3_600;

/** What may be said of an identity; names, paths and tags as the model takes them. */
export interface IdentityChanges {
  readonly tags?: readonly ResourceTag[];
  /** ARN of a managed policy, or empty for none; users and roles. */
  readonly boundaryArn?: string;
  /** Roles. */
  readonly trustPolicy?: string;
  /** Roles; 3,600 unless given. */
  readonly maxSessionSeconds?: number;
}

export interface NewIdentity extends IdentityChanges {
  readonly path?: string;
}

export interface StoredIdentity {
  readonly identity: IdentityRow;
  /** Advice on the trust policy. */
  readonly findings: readonly Finding[];
}

/** An identity with what it has, secrets apart. */
export interface IdentityDetail {
  readonly identity: IdentityRow;
  /** Of a user. */
  readonly groups: readonly IdentityRow[];
  /** Of a group. */
  readonly members: readonly IdentityRow[];
  readonly inlinePolicies: readonly PolicyRow[];
  /** ARNs. */
  readonly attachedPolicies: readonly string[];
}

interface Parts {
  readonly metadata: Metadata;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Users, groups and roles of every account. What they may do is theirs to be given in {@link IdentityPermissions}. */
export class Identities {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * @throws EntityAlreadyExistsException the account has one of this kind and name, in whatever case and path
   * @throws NoSuchEntityException there is no policy to be its boundary
   * @throws MalformedPolicyDocumentException @throws LimitExceededException
   */
  async create(of: IdentityName, input: NewIdentity = {}): Promise<StoredIdentity> {
    const { metadata, clock, ids } = this.#parts;
    const { account, kind, name } = of;
    const { path = "/", ...changes } = input;
    const findings = checkChanges(kind, changes);
    if (kind === "role" && changes.trustPolicy === undefined) throw new TypeError("a role comes with a trust policy");
    const plain = {
      arn: identityArn(of, path),
      accountId: account,
      kind,
      name,
      path,
      createdAt: clock.now(),
      tags: [],
    };
    const sessions = kind === "role" ? { maxSessionSeconds: DEFAULT_MAX_SESSION_SECONDS } : {};
    const identity = changed({ ...plain, uniqueId: newUniqueId(kind, ids), ...sessions }, changes);
    return metadata.transaction(async (rows) => {
      if ((await rows.identities.findByName(account, kind, name)) !== undefined) {
        throw new EntityAlreadyExistsException(`${LABELS[kind]} with name ${name} already exists.`);
      }
      const { perAccount, quota } = IDENTITY_LIMITS[kind];
      if ((await rows.identities.count(account, kind)) >= perAccount) throw quotaExceeded(quota, perAccount);
      if (identity.boundaryArn !== undefined) await requireAttachable(rows, account, identity.boundaryArn);
      // Under `--open` callers come from accounts that nobody made.
      await rows.accounts.insert({ id: account, createdAt: identity.createdAt });
      await rows.identities.insert(identity);
      return { identity, findings };
    });
  }

  lookUp({ account, kind, name }: IdentityName): Promise<IdentityRow | undefined> {
    return this.#parts.metadata.identities.findByName(account, kind, name);
  }

  /** @throws NoSuchEntityException */
  find(of: IdentityName): Promise<IdentityRow> {
    return requireIdentity(this.#parts.metadata, of);
  }

  /** @throws NoSuchEntityException */
  async describe(of: IdentityName): Promise<IdentityDetail> {
    const { identities } = this.#parts.metadata;
    const identity = await this.find(of);
    const { arn, kind } = identity;
    return {
      identity,
      groups: kind === "user" ? await identities.groupsOf(arn) : [],
      members: kind === "group" ? await identities.membersOf(arn) : [],
      inlinePolicies: await identities.inlinePolicies(arn),
      attachedPolicies: await identities.attachedPolicies(arn),
    };
  }

  /** By name in byte order. */
  async list(account: RegistryId, kind: IdentityRow["kind"], page: PageRequest): Promise<Page<IdentityRow>> {
    const rows = await this.#parts.metadata.identities.list(account, kind, { ...page, limit: page.limit + 1 });
    return cutPage(rows, page.limit, (last) => last.name);
  }

  /** Changes what is given; tags are replaced as a whole. @throws as {@link create}, and NoSuchEntityException */
  async update(of: IdentityName, changes: IdentityChanges): Promise<StoredIdentity> {
    const findings = checkChanges(of.kind, changes);
    return this.#parts.metadata.transaction(async (rows) => {
      const identity = changed(await requireIdentity(rows, of), changes);
      if (changes.boundaryArn) await requireAttachable(rows, of.account, changes.boundaryArn);
      await rows.identities.update(identity);
      return { identity, findings };
    });
  }

  /**
   * Removes an identity with its sessions; forced, also with its keys, policies and memberships.
   * @throws NoSuchEntityException @throws DeleteConflictException it has such, and `force` is not set
   */
  delete(of: IdentityName, options: { readonly force: boolean }): Promise<void> {
    return this.#parts.metadata.transaction(async (rows) => {
      const { arn } = await requireIdentity(rows, of);
      if (!options.force) await checkNothingHangsOn(rows, arn);
      await rows.identities.delete(arn);
    });
  }
}

const LABELS: Readonly<Record<IdentityRow["kind"], string>> = { user: "User", group: "Group", role: "Role" };

/** @throws NoSuchEntityException */
export async function requireIdentity(
  rows: Pick<MetadataReads, "identities">,
  { account, kind, name }: IdentityName,
): Promise<IdentityRow> {
  const identity = await rows.identities.findByName(account, kind, name);
  if (identity === undefined) throw noSuchIdentity(kind, name);
  return identity;
}

function checkChanges(kind: IdentityRow["kind"], changes: IdentityChanges): readonly Finding[] {
  const { tags, boundaryArn, trustPolicy, maxSessionSeconds } = changes;
  if (kind === "group" && (tags !== undefined || boundaryArn !== undefined)) {
    throw new InvalidParameterException("Groups have neither tags nor permissions boundaries.");
  }
  if (kind !== "role" && (trustPolicy !== undefined || maxSessionSeconds !== undefined)) {
    throw new InvalidParameterException("Only roles have trust policies and sessions.");
  }
  if (tags !== undefined) checkTags(tags, kind === "user" ? "TagsPerUser" : "TagsPerRole");
  if (trustPolicy === undefined) return [];
  checkChars(trustPolicy, "ACLSizePerRole", MAX_TRUST_POLICY_CHARS);
  return checkDocument(trustPolicy, "trust");
}

function changed(identity: IdentityRow, changes: IdentityChanges): IdentityRow {
  const { boundaryArn: before, ...kept } = identity;
  const { boundaryArn = before, ...others } = changes;
  return { ...kept, ...others, ...(boundaryArn ? { boundaryArn } : {}) };
}
