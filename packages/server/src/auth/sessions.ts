import { createHash } from "node:crypto";
import { VersionedCache, type Clock, type Metadata, type Principal, type SessionRow } from "@stowage/registry";
import type { Sealer } from "./access-keys.ts";
import { newAccessKeyId, newSecret, newSessionToken } from "./random-text.ts";
import { isRevoked } from "./revoked.ts";

/** Secrets of sessions that are held in memory. */
const CACHE_LIMITS = { maxEntries: 1024, maxWeight: 1024 };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Credentials that end by themselves, as they were given out. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** In whole seconds. */
  readonly expiresAt: Date;
}

export interface KnownSession extends Pick<SessionRow, "accessKeyId" | "tokenHash" | "expiresAt"> {
  readonly secretAccessKey: string;
  readonly principal: Principal;
}

/** What a session is given out for. */
export interface SessionGrant extends Pick<
  SessionRow,
  "accountId" | "principalArn" | "identityArn" | "userId" | "policies" | "policyArns" | "tags"
> {
  readonly lifeSeconds: number;
}

/** The sessions of AssumeRole and GetSessionToken. */
export interface Sessions {
  /** One that was not revoked and whose identity is there; it may have expired: tokens that it made live on for a while. */
  find(accessKeyId: string): Promise<KnownSession | undefined>;
  issue(grant: SessionGrant): Promise<SessionCredentials>;
}

export interface SessionParts {
  readonly metadata: Pick<Metadata, "sessions" | "access" | "transaction">;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

export function createSessions({ metadata, sealer, clock }: SessionParts): Sessions {
  const known = new VersionedCache<KnownSession>(CACHE_LIMITS);

  return {
    async find(accessKeyId) {
      const version = await metadata.access.version();
      const kept = known.find(accessKeyId, version);
      if (kept !== undefined) return kept;
      const row = await metadata.sessions.find(accessKeyId);
      if (row === undefined) return undefined;
      const principal = principalOf(row);
      if (await isRevoked(metadata.access, { principal, issuedAt: row.createdAt })) return undefined;
      const { tokenHash, expiresAt } = row;
      const secretAccessKey = decoder.decode(sealer.open(row.sealedSecret, sealContext(accessKeyId)));
      const session: KnownSession = { accessKeyId, secretAccessKey, tokenHash, expiresAt, principal };
      known.keep(accessKeyId, version, { value: session, weight: 1 });
      return session;
    },

    async issue({ lifeSeconds, ...grant }) {
      const [accessKeyId, secretAccessKey, sessionToken] = [newAccessKeyId("ASIA"), newSecret(), newSessionToken()];
      const createdAt = clock.now();
      const expiresAt = new Date((Math.floor(createdAt.getTime() / 1000) + lifeSeconds) * 1000);
      const row: SessionRow = {
        ...grant,
        accessKeyId,
        sealedSecret: sealer.seal(encoder.encode(secretAccessKey), sealContext(accessKeyId)),
        tokenHash: hashOf(sessionToken),
        createdAt,
        expiresAt,
      };
      await metadata.transaction(async ({ accounts, sessions }) => {
        // Under `--open` callers come from accounts that nobody made.
        await accounts.insert({ id: grant.accountId, createdAt });
        await sessions.insert(row);
      });
      return { accessKeyId, secretAccessKey, sessionToken, expiresAt };
    },
  };
}

/** SHA-256 of a session token or of a registry token's password, in hexadecimal. */
export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function principalOf({ accessKeyId, accountId, principalArn: arn, identityArn, userId }: SessionRow): Principal {
  const isRoot = identityArn === `arn:aws:iam::${accountId}:root`;
  const kind = isRoot ? "root" : arn === identityArn ? "user" : "role";
  return { kind, accountId, arn, userId, identityArn, accessKeyId, sessionKeyId: accessKeyId };
}

function sealContext(accessKeyId: string): string {
  return `session:${accessKeyId}`;
}
