import type { Clock, RegistryKey } from "@stowage/registry";
import type { Request } from "../transport/types.ts";
import { hostOf, type Addresses } from "./addresses.ts";
import type { RegistryCall } from "./call.ts";
import { TokenExpired, Unauthenticated } from "./failures.ts";
import type { Identities } from "./identities.ts";
import { callBasics, openPrincipal } from "./signed.ts";
import { hasExpired, type TokenClaims, type Tokens } from "./tokens.ts";

/** Credentials whose check is remembered, those of a hot pull. */
const MAX_REMEMBERED = 512;
const USER = "AWS";
const BASIC = /^Basic +([A-Za-z0-9+/_-]+={0,2}) *$/i;

/** Finds out who sends a request to `/v2/`. */
export interface RegistryAuthenticator {
  /**
   * @throws Unauthenticated no credentials, none of ours, of a key that no longer stands, or for another region
   * @throws TokenExpired
   */
  authenticate(request: Request): Promise<RegistryCall>;
}

export interface RegistryAuthenticatorParts {
  readonly tokens: Tokens;
  readonly identities: Pick<Identities, "find" | "version">;
  readonly addresses: Addresses;
  readonly clock: Clock;
  /** The registry on a plain host of callers without a token, under `--open`. */
  readonly defaultRegistry: RegistryKey;
  /** `--open`: any credentials will do, and none. */
  readonly isOpen: boolean;
}

export function createRegistryAuthenticator(parts: RegistryAuthenticatorParts): RegistryAuthenticator {
  return parts.isOpen ? openAuthenticator(parts) : strictAuthenticator(parts);
}

function strictAuthenticator(parts: RegistryAuthenticatorParts): RegistryAuthenticator {
  const { tokens, identities, addresses, clock } = parts;
  const remembered = new Map<string, TokenClaims>();
  // Most requests name the host of the one before.
  let last = { header: "", host: hostOf({}), meant: addresses.resolve(hostOf({})) };
  let rememberedVersion = identities.version;

  const claimsOf = async (authorization: string): Promise<TokenClaims | undefined> => {
    const before = identities.version;
    const claims = readBasic(authorization, tokens);
    if (claims === undefined || claims.principal.kind === "open") return undefined;
    const key = await identities.find(claims.principal.accessKeyId ?? "");
    if (key?.status !== "Active" || key.principal.arn !== claims.principal.arn) return undefined;
    // Not when a key changed meanwhile: the answer above may be older than the change.
    if (before === identities.version) {
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(authorization, claims);
    }
    return claims;
  };

  return {
    async authenticate(request) {
      if (rememberedVersion !== identities.version) {
        remembered.clear();
        rememberedVersion = identities.version;
      }
      const header = request.headers["host"] ?? "";
      if (header !== last.header) {
        const found = hostOf(request.headers);
        last = { header, host: found, meant: addresses.resolve(found) };
      }
      const { host, meant } = last;
      const authorization = request.headers["authorization"];
      const claims =
        authorization === undefined ? undefined : (remembered.get(authorization) ?? (await claimsOf(authorization)));
      const isElsewhere = meant.region !== undefined && meant.region !== claims?.registry.region;
      if (claims === undefined || isElsewhere) {
        throw new Unauthenticated(`${addresses.downloadBase(host, request.peer.secure)}/`);
      }
      const now = clock.now();
      if (hasExpired(claims, now)) throw new TokenExpired();
      const registry: RegistryKey = {
        registryId: meant.registryId ?? claims.registry.registryId,
        region: claims.registry.region,
      };
      return { ...callBasics(request), principal: claims.principal, registry, now };
    },
  };
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
      return Promise.resolve({ ...callBasics(request), principal, registry, now: clock.now() });
    },
  };
}

function readBasic(authorization: string, tokens: Tokens): TokenClaims | undefined {
  const basic = decodeBasic(authorization);
  return basic?.user === USER ? tokens.read(basic.password) : undefined;
}

function decodeBasic(authorization: string): { readonly user: string; readonly password: string } | undefined {
  const [, encoded] = BASIC.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("latin1");
  const colon = text.indexOf(":");
  return colon === -1 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
