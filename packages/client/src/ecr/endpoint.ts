import { partitionOf } from "@stowage/model";
import { ConfigurationError } from "./failures.ts";

/** Where requests go. */
export interface Endpoint {
  /** Scheme, host and path, which ends in a slash. */
  readonly url: string;
  readonly host: string;
  /** The path alone, as it is signed. */
  readonly path: string;
}

export interface EndpointChoice {
  readonly region: string;
  readonly endpoint?: string | undefined;
  readonly useDualstackEndpoint?: boolean | undefined;
  readonly useFipsEndpoint?: boolean | undefined;
}

const REGION = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/;

/**
 * Finds the endpoint as the rules of the AWS SDKs do.
 * @throws ConfigurationError the endpoint is no address, or variants are asked of a given one; the region is no host label
 * Source: ECR's endpoint rule set.
 */
export function resolveEndpoint(choice: EndpointChoice): Endpoint {
  const { region, endpoint, useFipsEndpoint: fips = false, useDualstackEndpoint: dualStack = false } = choice;
  if (!REGION.test(region)) throw new ConfigurationError(`No region is named ${JSON.stringify(region)}`);
  if (endpoint !== undefined) {
    if (fips || dualStack) throw new ConfigurationError("A given endpoint has no FIPS or dual-stack variant");
    return parseEndpoint(endpoint);
  }
  const { domain, dualStackApiDomain } = partitionOf(region);
  const head = `${dualStack ? "" : "api."}ecr${fips ? "-fips" : ""}`;
  const host = `${head}.${region}.${dualStack ? dualStackApiDomain : domain}`;
  return { url: `https://${host}/`, host, path: "/" };
}

function parseEndpoint(text: string): Endpoint {
  const url = parseUrl(text);
  if ((url.protocol !== "http:" && url.protocol !== "https:") || url.search !== "" || url.hash !== "") {
    throw new ConfigurationError(`An endpoint looks like http://HOST:PORT, not ${text}`);
  }
  if (url.username !== "" || url.password !== "") throw new ConfigurationError("An endpoint holds no credentials");
  const path = url.pathname.endsWith("/") ? url.pathname : `${url.pathname}/`;
  return { url: `${url.protocol}//${url.host}${path}`, host: url.host, path };
}

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw new ConfigurationError(`An endpoint looks like http://HOST:PORT, not ${text}`, { cause });
  }
}
