import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock, Principal, RegistryKey } from "@stowage/registry";
import type { RegistryId } from "@stowage/model";
import type { Call } from "./call.ts";
import { TokenExpired, TokenForged } from "./failures.ts";

/** Life of a registry token. Source: Amazon ECR API reference, GetAuthorizationToken. */
export const TOKEN_LIFE_SECONDS = 12 * 60 * 60;
/** A longer password is none of ours; ours have about 300 characters. */
export const MAX_PASSWORD_CHARS = 4096;

const VERSION = 2;
const MAC_BYTES = 32;

/** What a registry token says. */
export interface TokenClaims {
  readonly principal: Principal;
  /** The registry that the token was asked for. */
  readonly registry: RegistryKey;
  readonly issuedAt: Date;
  /** The first moment at which it is no longer good. */
  readonly expiresAt: Date;
}

/** Makes and reads the password that docker gets. It is self-contained: nothing is stored when one is made. */
export interface Tokens {
  mint(call: Call, registry: RegistryKey): { readonly password: string; readonly expiresAt: Date };
  /**
   * Whether the access key behind it still stands is the caller's to check.
   * @throws TokenForged it was not made under this key
   * @throws TokenExpired its 12 hours are over
   */
  verify(password: string): TokenClaims;
  /** The claims of a genuine token of any age, or undefined. */
  read(password: string): TokenClaims | undefined;
}

/** @param key 32 bytes derived from the master key for this purpose alone */
export function createTokens({ key, clock }: { readonly key: Uint8Array; readonly clock: Clock }): Tokens {
  const mac = (body: Uint8Array): Buffer => createHmac("sha256", key).update(body).digest();

  const read = (password: string): TokenClaims | undefined => {
    if (password.length > MAX_PASSWORD_CHARS) return undefined;
    const bytes = Buffer.from(password, "base64url");
    // Decoding is lenient about alphabet, padding and spare bits; only the spelling that was handed out is genuine.
    if (bytes.length <= MAC_BYTES + 1 || bytes.toString("base64url") !== password) return undefined;
    const body = bytes.subarray(0, -MAC_BYTES);
    if (!timingSafeEqual(mac(body), bytes.subarray(-MAC_BYTES)) || body[0] !== VERSION) return undefined;
    return decodeClaims(body.subarray(1));
  };

  return {
    mint(call, registry) {
      const body = Buffer.concat([Buffer.of(VERSION), encodeClaims(call.principal, registry, call.now)]);
      // base64url has none of `: > ? ~` and nothing beyond ASCII, so base64 of `AWS:` + password holds no + / - _ (bits
      // that make those digits need one of these characters): clients with either alphabet decode it.
      const password = Buffer.concat([body, mac(body)]).toString("base64url");
      return { password, expiresAt: expiryOf(call.now) };
    },
    verify(password) {
      const claims = read(password);
      if (claims === undefined) throw new TokenForged();
      if (hasExpired(claims, clock.now())) throw new TokenExpired();
      return claims;
    },
    read,
  };
}

export function hasExpired(claims: TokenClaims, now: Date): boolean {
  return now.getTime() >= claims.expiresAt.getTime();
}

/** The `authorizationToken` of GetAuthorizationToken: what docker sends after `Basic `. */
export function authorizationToken(password: string): string {
  return Buffer.from(`AWS:${password}`, "latin1").toString("base64");
}

type Claims = readonly [
  kind: Principal["kind"],
  accountId: string,
  arn: string,
  userId: string,
  identityArn: string,
  accessKeyId: string | null,
  sessionKeyId: string | null,
  registryId: string,
  region: string,
  issuedMs: number,
];

function encodeClaims(principal: Principal, registry: RegistryKey, issuedAt: Date): Buffer {
  const { kind, accountId, arn, userId, identityArn, accessKeyId, sessionKeyId } = principal;
  const claims: Claims = [
    kind,
    accountId,
    arn,
    userId,
    identityArn,
    accessKeyId ?? null,
    sessionKeyId ?? null,
    registry.registryId,
    registry.region,
    issuedAt.getTime(),
  ];
  return Buffer.from(JSON.stringify(claims));
}

/** The bytes are authentic, so their form is what {@link encodeClaims} wrote under this version. */
function decodeClaims(body: Buffer): TokenClaims {
  const claims = JSON.parse(body.toString()) as Claims;
  const [kind, accountId, arn, userId, identityArn, accessKeyId, sessionKeyId, registryId, region, issuedMs] = claims;
  const issuedAt = new Date(issuedMs);
  return {
    principal: {
      kind,
      accountId: accountId as RegistryId,
      arn,
      userId,
      identityArn,
      ...(accessKeyId === null ? {} : { accessKeyId }),
      ...(sessionKeyId === null ? {} : { sessionKeyId }),
    },
    registry: { registryId: registryId as RegistryId, region },
    issuedAt,
    expiresAt: expiryOf(issuedAt),
  };
}

/** Clients are told of whole seconds. */
function expiryOf(issuedAt: Date): Date {
  return new Date((Math.floor(issuedAt.getTime() / 1000) + TOKEN_LIFE_SECONDS) * 1000);
}
