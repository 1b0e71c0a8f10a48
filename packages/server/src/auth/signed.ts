import { timingSafeEqual } from "node:crypto";
import { commonErrors, ExpiredTokenException, isRegistryId, UnrecognizedClientException } from "@stowage/model";
import type { AccessContext, Clock, Principal, RegistryKey } from "@stowage/registry";
import { checkClaim, parseAuthorization, SigningKeyCache, verify, type Claim, type Failure } from "@stowage/sigv4";
import type { Request } from "../transport/types.ts";
import { hostOf } from "./addresses.ts";
import type { Call } from "./call.ts";
import { hasher, payloadHash } from "./hasher.ts";
import { rootPrincipal, type AccessKeys } from "./access-keys.ts";
import { hashOf, type Sessions } from "./sessions.ts";

const UNRECOGNIZED = "The security token included in the request is invalid.";
const REGION = /^[a-z0-9-]{1,64}$/;

/** Finds out who signed a request of one of the JSON or query APIs. */
export interface SignedAuthenticator {
  /**
   * Takes SigV4 in the Authorization header or in a presigned query.
   * @param body the whole body as received; the signature covers it
   * @param options.services names of which the signature's scope must have one; errors tell the first
   * @throws MissingAuthenticationTokenException @throws IncompleteSignature @throws InvalidSignatureException
   * @throws UnrecognizedClientException the key is unknown, inactive or revoked, or its session token is another one
   * @throws ExpiredTokenException the session is over
   */
  authenticate(request: Request, body: Uint8Array, options: { readonly services: readonly string[] }): Promise<Call>;
  /**
   * Tells before the body is there what can be told: nobody without a valid key shall make others wait by sending a large
   * body slowly. Whether the signature covers the body shows afterwards.
   * @throws what `authenticate` throws, but for a mismatch
   */
  recognise(request: Request, options: { readonly services: readonly string[] }): Promise<void>;
}

export interface SignedAuthenticatorParts {
  readonly keys: Pick<AccessKeys, "find">;
  readonly sessions: Pick<Sessions, "find">;
  readonly clock: Clock;
  /** The registry of callers that name none, under `--open`. */
  readonly defaultRegistry: RegistryKey;
  /** `--open`: nothing is verified. */
  readonly isOpen: boolean;
}

export function createSignedAuthenticator(parts: SignedAuthenticatorParts): SignedAuthenticator {
  const { keys, sessions, clock, defaultRegistry } = parts;
  const keyCache = new SigningKeyCache();

  /** A session token says which of the two kinds of keys it is. */
  const credentialsOf = async ({ accessKeyId, sessionToken }: Claim): Promise<Credentials | undefined> => {
    if (sessionToken !== undefined) {
      const session = await sessions.find(accessKeyId);
      return session !== undefined && isTokenOf(session.tokenHash, sessionToken) ? session : undefined;
    }
    const key = await keys.find(accessKeyId);
    return key?.status === "Active" ? key : undefined;
  };

  /** All that can be told without the body. */
  const recognise = async (request: Request, rules: Rules): Promise<Recognised> => {
    const parsed = parseAuthorization(request.headers, request.target);
    if (!parsed.ok) throw refusal(parsed);
    const { claim } = parsed;
    const refused = checkClaim(claim, request.headers, rules);
    if (refused !== undefined) throw refusal(refused);
    const credentials = await credentialsOf(claim);
    if (credentials === undefined) throw new UnrecognizedClientException(UNRECOGNIZED);
    if (credentials.expiresAt !== undefined && credentials.expiresAt.getTime() <= rules.now.getTime()) {
      throw new ExpiredTokenException("The security token included in the request is expired");
    }
    return { claim, credentials };
  };

  const prove = async (request: Request, body: Uint8Array, rules: Rules): Promise<Proof> => {
    const { claim, credentials } = await recognise(request, rules);
    const verdict = verify(claim, request, {
      ...rules,
      secretAccessKey: credentials.secretAccessKey,
      sessionToken: claim.sessionToken,
      payloadHash: await payloadHash(body),
      hasher,
      keyCache,
    });
    if (!verdict.ok) throw refusal(verdict);
    return { principal: credentials.principal, region: claim.scope.region };
  };

  /** Takes a request's word for who sent it: a key of 12 digits is the account, and that of a session its role or user. */
  const believe = async (request: Request): Promise<Proof> => {
    const parsed = parseAuthorization(request.headers, request.target);
    const claim: Claim | undefined = parsed.ok ? parsed.claim : undefined;
    const region = claim?.scope.region;
    const session = claim?.sessionToken === undefined ? undefined : await sessions.find(claim.accessKeyId);
    return {
      principal: session
        ? { ...session.principal, kind: "open" }
        : openPrincipal(claim?.accessKeyId ?? "", defaultRegistry),
      region: region !== undefined && REGION.test(region) ? region : defaultRegistry.region,
    };
  };

  const rulesOf = (services: readonly string[]): Rules => {
    const [first, ...others] = services;
    if (first === undefined) throw new TypeError("a signature is always for some service");
    return { now: clock.now(), expectedServices: [first, ...others] };
  };

  return {
    async recognise(request, { services }) {
      if (!parts.isOpen) await recognise(request, rulesOf(services));
    },
    async authenticate(request, body, { services }) {
      const rules = rulesOf(services);
      const { principal, region } = parts.isOpen ? await believe(request) : await prove(request, body, rules);
      const registry: RegistryKey = { registryId: principal.accountId, region };
      return { ...callBasics(request, region), principal, registry, now: rules.now };
    },
  };
}

interface Recognised {
  readonly claim: Claim;
  readonly credentials: Credentials;
}

interface Rules {
  readonly now: Date;
  readonly expectedServices: readonly [string, ...string[]];
}

interface Proof {
  readonly principal: Principal;
  readonly region: string;
}

/** What a key that was found has to do with a request. */
interface Credentials {
  readonly secretAccessKey: string;
  readonly principal: Principal;
  /** Of sessions. */
  readonly expiresAt?: Date;
}

function isTokenOf(tokenHash: string, sessionToken: string): boolean {
  const [known, given] = [Buffer.from(tokenHash), Buffer.from(hashOf(sessionToken))];
  return known.length === given.length && timingSafeEqual(known, given);
}

/** Whom a name stands for under `--open`: 12 digits are the account, anything else means the default one. */
export function openPrincipal(name: string, defaultRegistry: RegistryKey): Principal {
  const account = isRegistryId(name) ? name : defaultRegistry.registryId;
  return { ...rootPrincipal(account), kind: "open" };
}

/** What a call knows from the connection and the headers alone. @param region of the registry that is asked */
export function callBasics(request: Request, region: string): Pick<Call, "requestId" | "host" | "secure" | "access"> {
  const userAgent = request.headers["user-agent"];
  const access: AccessContext = {
    sourceIp: request.peer.address,
    secureTransport: request.peer.secure,
    requestedRegion: region,
    ...(userAgent === undefined ? {} : { userAgent }),
  };
  return { requestId: request.id, host: hostOf(request.headers), secure: request.peer.secure, access };
}

function refusal({ code, message }: Failure): Error {
  return new commonErrors[code](message);
}
