import type { EcrClient } from "@stowage/client";
import { Failure } from "./exit-codes.ts";

/** What docker is given for a registry's host. */
export interface RegistryToken {
  readonly username: string;
  readonly password: string;
  /** The two, as docker stores them: base64 of `username:password`. */
  readonly encoded: string;
  readonly expiresAt: Date | undefined;
  /** Host of the registry, as the registry calls it. */
  readonly host: string;
}

/** @throws EcrError the API refused @throws Failure it answered no token */
export async function mintToken(ecr: EcrClient, registryId: string | undefined): Promise<RegistryToken> {
  const { authorizationData: [found] = [] } = await ecr.getAuthorizationToken(
    registryId === undefined ? {} : { registryIds: [registryId] },
  );
  const encoded = found?.authorizationToken ?? "";
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) throw new Failure("The registry answered no token.", {});
  return {
    username: text.slice(0, colon),
    password: text.slice(colon + 1),
    encoded,
    expiresAt: found?.expiresAt,
    host: new URL(found?.proxyEndpoint ?? "http://localhost").host,
  };
}
