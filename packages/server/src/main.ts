import { createRegistry, type BlobStore, type Clock, type Metadata, type Registry } from "@stowage/registry";
import { nodeHasher, systemIds, type MasterKey } from "@stowage/storage";
import { adminDoor } from "./admin-api/door.ts";
import type { Installation } from "./admin-api/installation.ts";
import { adminOperations } from "./admin-api/operations.ts";
import { createAddresses } from "./auth/addresses.ts";
import { createAccessKeys, type AccessKeys } from "./auth/access-keys.ts";
import { createRegistryAuthenticator } from "./auth/registry-caller.ts";
import { createSessions } from "./auth/sessions.ts";
import { createSignedAuthenticator } from "./auth/signed.ts";
import { createTokens } from "./auth/tokens.ts";
import type { Config } from "./config/schema.ts";
import { ecrDoor } from "./ecr-api/door.ts";
import { layersDoor } from "./layers/door.ts";
import { makeLayerUrls } from "./layers/urls.ts";
import { ociDoor } from "./oci-api/door.ts";
import { allowOrigins } from "./cors.ts";
import { route } from "./route.ts";
import { stsDoor } from "./sts-api/door.ts";
import type { Handler } from "./transport/transport.ts";
import { welcome } from "./web/welcome.ts";

/** What differs between a server, a test and another set of drivers. */
export interface ServerParts {
  readonly config: Config;
  readonly metadata: Metadata;
  readonly blobs: BlobStore;
  readonly masterKey: MasterKey;
  readonly clock: Clock;
  readonly installation: () => Installation;
  readonly metrics: Handler | undefined;
  readonly isReady: () => boolean;
  readonly onFailure: (error: unknown, requestId: string) => void;
}

export interface Server {
  readonly handler: Handler;
  readonly registry: Registry;
  readonly keys: AccessKeys;
}

/** Constructs everything between the drivers and the transport, and hands each part what it needs. */
export function assemble(parts: ServerParts): Server {
  const { config, metadata, blobs, masterKey, clock, installation, onFailure } = parts;
  const defaultRegistry = { registryId: config.account, region: config.region };
  const isOpen = config.open;
  const registry = createRegistry({
    metadata,
    blobs,
    clock,
    ids: systemIds,
    hasher: nodeHasher,
    pageTokenKey: masterKey.deriveKey("page-tokens"),
    quotas: quotasOf(config),
    idempotentImmutableTags: config.push.idempotentImmutableTags,
    enforce: !isOpen,
    anonymousPull: config.anonymous.pull,
    onUnreadablePolicy: (policy) => onFailure(new Error(`The ${policy} cannot be read; it denies everything.`), ""),
  });
  const keys = createAccessKeys({ metadata, sealer: masterKey, clock });
  const sessions = createSessions({ metadata, sealer: masterKey, clock });
  const tokens = createTokens({ key: masterKey.deriveKey("registry-tokens"), clock });
  const addresses = createAddresses(config.uriStyle);
  const layerUrls = makeLayerUrls(masterKey.deriveKey("layer-urls"), nodeHasher);
  const signed = createSignedAuthenticator({ keys, sessions, clock, defaultRegistry, isOpen });
  const callers = createRegistryAuthenticator({
    tokens,
    keys,
    sessions,
    access: metadata.access,
    addresses,
    clock,
    defaultRegistry,
    isOpen,
    anonymousPull: config.anonymous.pull,
  });
  const operations = adminOperations({ administration: registry, keys, metadata, installation });

  const handler = route({
    ecr: ecrDoor({ registry, signed, tokens, addresses, layerUrls, onFailure }),
    admin: adminDoor({ operations, access: registry.access, signed }),
    sts: stsDoor({ signed, sessions, metadata, access: registry.access }),
    oci: ociDoor({ registry, callers, onError: onFailure }),
    layers: layersDoor({ registry, urls: layerUrls, clock }),
    ...(parts.metrics === undefined ? {} : { metrics: parts.metrics }),
    welcome: welcome(),
    isReady: parts.isReady,
  });
  return { handler: allowOrigins(handler, config.cors.origins), registry, keys };
}

/** Those that are set; the registry knows the others. */
function quotasOf(config: Config): Partial<Registry["quotas"]> {
  return Object.fromEntries(Object.entries(config.quotas).filter(([, value]) => value !== undefined));
}
