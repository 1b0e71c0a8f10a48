import { partitionOf, partitions } from "./partitions.ts";
import { isRegistryId } from "./registry-id.ts";
import type { RegistryId } from "./registry-id.ts";

interface RegionalHost {
  readonly region: string;
  /** What follows the region: `amazonaws.com`, `on.aws`, the operator's own domain, and so on. */
  readonly domain: string;
  readonly fips: boolean;
  readonly dualStack: boolean;
}

/** A host name that says which door and which registry a request is for. */
export type ParsedHost =
  | ({ readonly plane: "api" } & RegionalHost)
  | ({ readonly plane: "registry"; readonly registryId: RegistryId } & RegionalHost)
  | { readonly plane: "bare" };

/** Longer names are not valid in DNS. */
export const MAX_HOST_LENGTH = 253;

const PORT = /:[0-9]{1,5}$/;
const REGION = /^[a-z][a-z0-9-]{1,24}$/;
const REGISTRY_HEAD = /^([0-9]{12})\.dkr[.-]ecr(-fips)?\.([^.]+)\.(.+)$/;
const API_HEAD = /^(?:api\.)?ecr(-fips)?\.([^.]+)\.(.+)$/;

interface Domains {
  readonly plain: ReadonlySet<string>;
  readonly dualStack: ReadonlySet<string>;
}

const API_DOMAINS: Domains = /* @__PURE__ */ domainsOf((partition) => partition.dualStackApiDomain);
const REGISTRY_DOMAINS: Domains = /* @__PURE__ */ domainsOf((partition) => partition.dualStackRegistryDomain);

function domainsOf(dualStackDomain: (partition: (typeof partitions)[number]) => string | undefined): Domains {
  return {
    plain: new Set(partitions.map((partition) => partition.domain)),
    dualStack: new Set(partitions.map(dualStackDomain).filter((domain) => domain !== undefined)),
  };
}

/**
 * Reads the Host of a request: an optional port and a final point are ignored, as is case.
 * @param options.customDomain a domain of the operator's, under which the same shapes count; itself it is `bare`
 * @returns undefined for any other host, such as `localhost` or an address
 * Source: endpoint rules of the AWS SDK for JavaScript; host pattern of the ECR credential helper.
 */
export function parseHost(
  host: string,
  options: { readonly customDomain?: string | undefined } = {},
): ParsedHost | undefined {
  if (host.length > MAX_HOST_LENGTH + ":65535".length) return undefined;
  const name = host.replace(PORT, "").replace(/\.$/, "").toLowerCase();
  const customDomain = options.customDomain?.replace(PORT, "").toLowerCase();
  if (name === customDomain) return { plane: "bare" };
  return parseRegistryHost(name, customDomain) ?? parseApiHost(name, customDomain);
}

function parseRegistryHost(name: string, customDomain: string | undefined): ParsedHost | undefined {
  const [, registryId = "", fips, region = "", domain = ""] = REGISTRY_HEAD.exec(name) ?? [];
  const dualStack = dualStackOf(REGISTRY_DOMAINS, domain, customDomain);
  if (dualStack === undefined || !isRegistryId(registryId) || !REGION.test(region)) return undefined;
  return { plane: "registry", registryId, region, domain, fips: fips !== undefined, dualStack };
}

function parseApiHost(name: string, customDomain: string | undefined): ParsedHost | undefined {
  const [, fips, region = "", domain = ""] = API_HEAD.exec(name) ?? [];
  const dualStack = dualStackOf(API_DOMAINS, domain, customDomain);
  if (dualStack === undefined || !REGION.test(region)) return undefined;
  return { plane: "api", region, domain, fips: fips !== undefined, dualStack };
}

/** Undefined for a domain that is neither AWS's nor the operator's. */
function dualStackOf(domains: Domains, domain: string, customDomain: string | undefined): boolean | undefined {
  if (domains.dualStack.has(domain)) return true;
  return domains.plain.has(domain) || domain === customDomain ? false : undefined;
}

/** `ACCOUNT.dkr.ecr.REGION.DOMAIN`; the domain is AWS's for the region unless given, and may carry a port. */
export function registryHost(parts: {
  readonly registryId: string;
  readonly region: string;
  readonly domain?: string | undefined;
}): string {
  const domain = parts.domain ?? partitionOf(parts.region).domain;
  return `${parts.registryId}.dkr.ecr.${parts.region}.${domain}`;
}

/** `api.ecr.REGION.DOMAIN`; the domain is AWS's for the region unless given. */
export function apiHost(parts: { readonly region: string; readonly domain?: string | undefined }): string {
  return `api.ecr.${parts.region}.${parts.domain ?? partitionOf(parts.region).domain}`;
}
