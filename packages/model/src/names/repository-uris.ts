import { isRepositoryName, MAX_REPOSITORY_NAME_LENGTH } from "../oci/repository-name.ts";
import type { RepositoryName } from "../oci/repository-name.ts";
import { MAX_HOST_LENGTH, parseHost, registryHost } from "./hosts.ts";
import type { ParsedHost } from "./hosts.ts";

/** What `repositoryUri` of an answer says: where to push to and pull from, without scheme, tag or digest. */
export interface RepositoryUri {
  /** As given, with its port. */
  readonly host: string;
  readonly repositoryName: RepositoryName;
  /** What the host says of the registry; undefined for one that does not say, such as `localhost:5100`. */
  readonly registry: Extract<ParsedHost, { readonly plane: "registry" }> | undefined;
}

/** A name, an IPv4 address or an IPv6 address in brackets, and a port. Without point, colon or bracket only `localhost` is a host. */
const HOST = /^(?:localhost|(?=[^/]*[.:])[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?$/i;
const MAX_LENGTH = MAX_HOST_LENGTH + ":65535/".length + MAX_REPOSITORY_NAME_LENGTH;

/** `ACCOUNT.dkr.ecr.REGION.DOMAIN/NAME`; the domain is AWS's for the region unless given, and may carry a port. */
export function repositoryUri(parts: {
  readonly registryId: string;
  readonly region: string;
  readonly repositoryName: string;
  readonly domain?: string | undefined;
}): string {
  return `${registryHost(parts)}/${parts.repositoryName}`;
}

/**
 * Takes the URI of a repository apart, as this service and AWS write it.
 * @param options.customDomain a domain of the operator's, under which hosts name registries too
 * @returns undefined for what is none: no host, no valid name, a tag or digest behind it, the host of an API
 */
export function parseRepositoryUri(
  text: string,
  options: { readonly customDomain?: string | undefined } = {},
): RepositoryUri | undefined {
  const slash = text.indexOf("/");
  if (slash === -1 || text.length > MAX_LENGTH) return undefined;
  const host = text.slice(0, slash);
  const repositoryName = text.slice(slash + 1);
  if (!HOST.test(host) || !isRepositoryName(repositoryName)) return undefined;
  const parsed = parseHost(host, options);
  if (parsed?.plane === "api") return undefined;
  return { host, repositoryName, registry: parsed?.plane === "registry" ? parsed : undefined };
}
