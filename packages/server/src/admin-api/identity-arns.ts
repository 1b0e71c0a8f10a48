import { InvalidParameterException } from "@stowage/model";
import { identityArn, type Identities, type IdentityName } from "@stowage/registry";
import type { AdminCall } from "./operation.ts";

/** An identity as operations name it that take any kind. */
export interface NamedIdentity {
  readonly userName?: string | undefined;
  readonly groupName?: string | undefined;
  readonly roleName?: string | undefined;
}

/** @throws InvalidParameterException not exactly one name is given */
export function identityNamed({ userName, groupName, roleName }: NamedIdentity, { account }: AdminCall): IdentityName {
  const named: IdentityName[] = [];
  if (userName !== undefined) named.push({ account, kind: "user", name: userName });
  if (groupName !== undefined) named.push({ account, kind: "group", name: groupName });
  if (roleName !== undefined) named.push({ account, kind: "role", name: roleName });
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0) return only;
  throw new InvalidParameterException("Exactly one of userName, groupName and roleName must be given.");
}

/** The ARN of an identity; of one that is not there the ARN that it would have at the top of the account. */
export async function arnOf(identities: Identities, of: IdentityName): Promise<string> {
  return (await identities.lookUp(of))?.arn ?? identityArn(of);
}
