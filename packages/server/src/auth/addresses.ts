import { parseHost, registryHost, type RegistryId } from "@stowage/model";
import type { RegistryKey } from "@stowage/registry";

/** `local` and `aws`, or a domain of the operator's, with a port when it is not the scheme's own. */
export type UriStyle = "local" | "aws" | { readonly domain: string };

/** What a Host header says of the registry that is meant. */
export interface ResolvedHost {
  readonly kind: "registry" | "api" | "plain";
  readonly registryId?: RegistryId;
  readonly region?: string;
}

/** Names and URLs as clients get them. */
export interface Addresses {
  /** What `docker push` takes, without a scheme. */
  repositoryUri(key: RegistryKey, name: string, host: string): string;
  proxyEndpoint(key: RegistryKey, host: string, secure: boolean): string;
  resolve(hostHeader: string): ResolvedHost;
  /** Scheme and host for the URLs of layers. */
  downloadBase(host: string, secure: boolean): string;
}

/** Stands in for a Host header that is missing or malformed. */
const NO_HOST = "localhost";
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$/;

/** The Host header where it is well-formed: it is repeated in URLs and in the challenge. */
export function hostOf(headers: Readonly<Record<string, string>>): string {
  const host = headers["host"];
  return host !== undefined && HOST.test(host) ? host : NO_HOST;
}

export function createAddresses(style: UriStyle): Addresses {
  const domain = typeof style === "object" ? style.domain : undefined;
  const parsed = (host: string): ReturnType<typeof parseHost> => parseHost(host, { customDomain: domain });
  const registryName = (key: RegistryKey, host: string): string =>
    style === "local" ? host : registryHost({ ...key, domain });
  // Names that are not the request's own are served behind TLS, by this process or by what stands before it.
  const scheme = (isOwnName: boolean, secure: boolean): string => (isOwnName && !secure ? "http" : "https");

  return {
    repositoryUri: (key, name, host) => `${registryName(key, localName(host))}/${name}`,
    proxyEndpoint: (key, host, secure) => `${scheme(style === "local", secure)}://${registryName(key, host)}`,
    downloadBase(host, secure) {
      const isPlain = style === "local" || parsed(host) === undefined;
      return `${scheme(isPlain, secure)}://${host}`;
    },
    resolve(hostHeader) {
      const host = parsed(hostHeader);
      if (host?.plane === "registry") return { kind: "registry", registryId: host.registryId, region: host.region };
      return host?.plane === "api" ? { kind: "api", region: host.region } : { kind: "plain" };
    },
  };
}

const LOOPBACK = /^(?:127\.[0-9.]+|\[::1\])(?=:|$)/;

/** A repository keeps one name, however this machine was spelled in the request. */
function localName(host: string): string {
  return host.replace(LOOPBACK, "localhost");
}
