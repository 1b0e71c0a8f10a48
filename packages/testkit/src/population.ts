import type { RegistryId } from "@stowage/model";
import type { IdentityRow, Metadata, Principal, ResourceTag, SessionRow } from "@stowage/registry";

/** A statement that allows, unless it says otherwise. */
export interface TestStatement {
  readonly Effect?: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly [element: string]: unknown;
}

/** The text of a policy. */
export function policyText(...statements: readonly TestStatement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}

export interface IdentityOptions {
  readonly account?: RegistryId;
  readonly path?: string;
  /** Inline policies by name. */
  readonly inline?: Readonly<Record<string, string>>;
  /** ARNs of managed policies. */
  readonly attached?: readonly string[];
  readonly boundaryArn?: string;
  readonly tags?: readonly ResourceTag[];
  /** Of roles. */
  readonly trustPolicy?: string;
  readonly maxSessionSeconds?: number;
}

export type SessionOptions = Partial<SessionRow>;

/** Identities of one account, written straight into the rows. */
export class Population {
  readonly #metadata: Metadata;
  readonly #account: RegistryId;
  readonly #now: () => Date;
  #made = 0;

  constructor(metadata: Metadata, { account, now }: { readonly account: RegistryId; readonly now: () => Date }) {
    this.#metadata = metadata;
    this.#account = account;
    this.#now = now;
  }

  async user(name: string, options: IdentityOptions = {}): Promise<Principal> {
    const { arn, accountId, uniqueId } = await this.identity("user", name, options);
    return { kind: "user", accountId, arn, userId: uniqueId, identityArn: arn };
  }

  async group(name: string, members: readonly Principal[], options: IdentityOptions = {}): Promise<IdentityRow> {
    const group = await this.identity("group", name, options);
    await this.#metadata.transaction(async ({ identities }) => {
      for (const { arn } of members) await identities.addMember(group.arn, arn);
    });
    return group;
  }

  role(name: string, options: IdentityOptions = {}): Promise<IdentityRow> {
    return this.identity("role", name, options);
  }

  async identity(kind: IdentityRow["kind"], name: string, options: IdentityOptions): Promise<IdentityRow> {
    const { account = this.#account, path = "/", inline = {}, attached = [], tags = [], ...more } = options;
    const identity: IdentityRow = {
      arn: `arn:aws:iam::${account}:${kind}${path}${name}`,
      accountId: account,
      kind,
      name,
      path,
      uniqueId: `${UNIQUE_ID_PREFIXES[kind]}${String((this.#made += 1)).padStart(17, "0")}`,
      createdAt: this.#now(),
      tags,
      ...more,
    };
    await this.#metadata.transaction(async ({ accounts, identities }) => {
      await accounts.insert({ id: account, createdAt: this.#now() });
      await identities.insert(identity);
      for (const [name_, text] of Object.entries(inline))
        await identities.putInlinePolicy(identity.arn, { name: name_, text });
      for (const arn of attached) await identities.attachPolicy(identity.arn, arn);
    });
    return identity;
  }

  /** @returns its ARN */
  async managedPolicy(name: string, text: string, account = this.#account): Promise<string> {
    const arn = `arn:aws:iam::${account}:policy/${name}`;
    const now = this.#now();
    await this.#metadata.transaction(async ({ accounts, identities }) => {
      await accounts.insert({ id: account, createdAt: now });
      await identities.putPolicy({ arn, accountId: account, name, path: "/", text, createdAt: now, updatedAt: now });
    });
    return arn;
  }

  /** Credentials of a role under a session's name; they sign nothing. */
  async session(role: IdentityRow, name: string, options: SessionOptions = {}): Promise<Principal> {
    const accountId = role.accountId;
    const row: SessionRow = {
      accessKeyId: `ASIA${String((this.#made += 1)).padStart(16, "0")}`,
      accountId,
      sealedSecret: new Uint8Array(0),
      tokenHash: "",
      principalArn: `arn:aws:sts::${accountId}:assumed-role/${role.name}/${name}`,
      identityArn: role.arn,
      userId: `${role.uniqueId}:${name}`,
      policies: [],
      policyArns: [],
      tags: [],
      createdAt: this.#now(),
      expiresAt: new Date(this.#now().getTime() + 3_600_000),
      ...options,
    };
    await this.#metadata.transaction(({ sessions }) => sessions.insert(row));
    const { accessKeyId, principalArn: arn, identityArn, userId } = row;
    return { kind: "role", accountId, arn, userId, identityArn, accessKeyId, sessionKeyId: accessKeyId };
  }
}

const UNIQUE_ID_PREFIXES: Readonly<Record<IdentityRow["kind"], string>> = { user: "AIDA", group: "AGPA", role: "AROA" };

/** The root of an account. */
export function rootOf(accountId: RegistryId): Principal {
  const arn = `arn:aws:iam::${accountId}:root`;
  return { kind: "root", accountId, arn, userId: accountId, identityArn: arn };
}
