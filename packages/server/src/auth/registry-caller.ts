import { VersionedCache, type AccessReads, type Clock, type Principal, type RegistryKey } from "@stowage/registry";
import type { Request } from "../transport/types.ts";
import { hostOf, type Addresses, type ResolvedHost } from "./addresses.ts";
import type { RegistryCall } from "./call.ts";
import { TokenExpired, Unauthenticated } from "./failures.ts";
import type { AccessKeys } from "./access-keys.ts";
import { isRevoked } from "./revoked.ts";
import { hashOf, type Sessions } from "./sessions.ts";
import { callBasics, openPrincipal } from "./signed.ts";
import { hasExpired, type TokenClaims, type Tokens } from "./tokens.ts";

/** Credentials whose check is remembered, those of a hot pull. */
const REMEMBERED_LIMITS = { maxEntries: 512, maxWeight: 512 };
const USER = "AWS";
/** What clients send that were told to authenticate and have nothing to do it with: no user and no password. */
const NO_CREDENTIALS = "Basic Og==";
const BASIC = /^Basic +([A-Za-z0-9+/_-]+={0,2}) *$/i;

/** Finds out who sends a request to `/v2/`. */
export interface RegistryAuthenticator {
  /**
   * @param options.isPull whether callers without credentials may ask this, where the installation has anonymous pulls
   * @throws Unauthenticated no credentials, none of ours, revoked, of a key that no longer stands, or for another region
   * @throws TokenExpired
   */
  authenticate(request: Request, options?: { readonly isPull: boolean }): Promise<RegistryCall>;
  /** What an anonymous caller is told who may not have what it asked for. */
  challenge(request: Request): Unauthenticated;
}

export interface RegistryAuthenticatorParts {
  readonly tokens: Tokens;
  readonly keys: Pick<AccessKeys, "find">;
  readonly sessions: Pick<Sessions, "find">;
  readonly access: Pick<AccessReads, "version" | "revocations">;
  readonly addresses: Addresses;
  readonly clock: Clock;
  /** The registry on a plain host of callers without a token: under `--open`, and of anonymous pulls. */
  readonly defaultRegistry: RegistryKey;
  /** `--open`: any credentials will do, and none. */
  readonly isOpen: boolean;
  /** Whether callers without credentials are let as far as the authoriser. */
  readonly anonymousPull: boolean;
}

export function createRegistryAuthenticator(parts: RegistryAuthenticatorParts): RegistryAuthenticator {
  return parts.isOpen ? openAuthenticator(parts) : strictAuthenticator(parts);
}

function strictAuthenticator(parts: RegistryAuthenticatorParts): RegistryAuthenticator {
  const { access, addresses, clock, defaultRegistry } = parts;
  const remembered = new VersionedCache<TokenClaims>(REMEMBERED_LIMITS);
  // Most requests name the host of the one before.
  let last = { header: "", meant: addresses.resolve(hostOf({})) };

  const claimsOf = async (authorization: string): Promise<TokenClaims | undefined> => {
    const version = await access.version();
    const kept = remembered.find(authorization, version);
    if (kept !== undefined) return kept;
    const claims = await standingClaims(parts, authorization);
    if (claims !== undefined) remembered.keep(authorization, version, { value: claims, weight: 1 });
    return claims;
  };

  return {
    async authenticate(request, { isPull } = { isPull: false }) {
      const header = request.headers["host"] ?? "";
      if (header !== last.header) {
        last = { header, meant: addresses.resolve(hostOf(request.headers)) };
      }
      const { meant } = last;
      const now = clock.now();
      const authorization = request.headers["authorization"];
      if (authorization === undefined || authorization === NO_CREDENTIALS) {
        if (!isPull || !parts.anonymousPull) throw challenge(addresses, request);
        const registry = { ...defaultRegistry, ...registryOf(meant) };
        return { ...callBasics(request, registry.region), principal: nobody(registry), registry, now };
      }
      const claims = await claimsOf(authorization);
      const isElsewhere = meant.region !== undefined && meant.region !== claims?.registry.region;
      if (claims === undefined || isElsewhere) throw challenge(addresses, request);
      if (hasExpired(claims, now)) throw new TokenExpired();
      const registry: RegistryKey = {
        registryId: meant.registryId ?? claims.registry.registryId,
        region: claims.registry.region,
      };
      return { ...callBasics(request, registry.region), principal: claims.principal, registry, now };
    },
    challenge: (request) => challenge(addresses, request),
  };
}

function challenge(addresses: Addresses, { headers, peer }: Request): Unauthenticated {
  return new Unauthenticated(`${addresses.downloadBase(hostOf(headers), peer.secure)}/`);
}

function registryOf({ registryId, region }: ResolvedHost): Partial<RegistryKey> {
  return { ...(registryId !== undefined && { registryId }), ...(region !== undefined && { region }) };
}

/** Who shows no credentials: policies see neither an account nor a name. */
function nobody({ registryId }: RegistryKey): Principal {
  const name = "anonymous";
  return { kind: "anonymous", accountId: registryId, arn: name, userId: name, identityArn: name };
}

/** The claims of a token whose principal, key or session still stands, and that nobody revoked. */
async function standingClaims(
  { tokens, keys, sessions, access }: RegistryAuthenticatorParts,
  authorization: string,
): Promise<TokenClaims | undefined> {
  const basic = decodeBasic(authorization);
  const claims = basic?.user === USER ? tokens.read(basic.password) : undefined;
  if (basic === undefined || claims === undefined || claims.principal.kind === "open") return undefined;
  const { principal, issuedAt } = claims;
  const { arn, accessKeyId = "", sessionKeyId } = principal;
  if (sessionKeyId === undefined) {
    const key = await keys.find(accessKeyId);
    if (key?.status !== "Active" || key.principal.arn !== arn) return undefined;
  } else if ((await sessions.find(sessionKeyId))?.principal.arn !== arn) {
    return undefined;
  }
  const revoked = await isRevoked(access, { principal, issuedAt, tokenHash: hashOf(basic.password) });
  return revoked ? undefined : claims;
}

/** Under `--open` credentials only choose the registry: a token's own, or the account that the user name spells. */
function openAuthenticator(parts: RegistryAuthenticatorParts): RegistryAuthenticator {
  const { tokens, addresses, clock, defaultRegistry } = parts;
  return {
    authenticate(request) {
      const basic = decodeBasic(request.headers["authorization"] ?? "");
      const claims = basic === undefined ? undefined : tokens.read(basic.password);
      const principal = claims?.principal ?? openPrincipal(basic?.user ?? "", defaultRegistry);
      const meant = addresses.resolve(hostOf(request.headers));
      const registry: RegistryKey = {
        registryId: meant.registryId ?? claims?.registry.registryId ?? principal.accountId,
        region: meant.region ?? claims?.registry.region ?? defaultRegistry.region,
      };
      return Promise.resolve({ ...callBasics(request, registry.region), principal, registry, now: clock.now() });
    },
    challenge: (request) => challenge(addresses, request),
  };
}

function decodeBasic(authorization: string): { readonly user: string; readonly password: string } | undefined {
  const [, encoded] = BASIC.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("latin1");
  const colon = text.indexOf(":");
  return colon === -1 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
