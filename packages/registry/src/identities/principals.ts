import { InvalidParameterException, NoSuchEntityException, type RegistryId } from "@stowage/model";
import type { Principal } from "../access/authoriser.ts";
import type { IdentityRow } from "../ports/identity-rows.ts";
import type { MetadataReads } from "../ports/metadata.ts";
import { requireIdentity } from "./identities.ts";
import { parsePrincipalArn } from "./principal-arns.ts";

/** A role acts in sessions alone; where none is named, one of this name stands for all. */
const ANY_SESSION = "session";

/** Whom policies would see if the one of this ARN asked. */
export class Principals {
  readonly #metadata: Pick<MetadataReads, "identities">;

  constructor(metadata: Pick<MetadataReads, "identities">) {
    this.#metadata = metadata;
  }

  /**
   * @param account whose principals may be asked after
   * @throws InvalidParameterException the text names no principal of the account
   * @throws NoSuchEntityException there is no such user or role
   */
  async find(account: RegistryId, arn: string): Promise<Principal> {
    const named = parsePrincipalArn(arn);
    if (named === undefined) {
      throw new InvalidParameterException(
        "Invalid parameter at 'principalArn' failed to satisfy constraint: " +
          "'must be the ARN of an account's root, a user, a role or a role's session'",
      );
    }
    if (named.account !== account) throw unknownPrincipal(arn);
    if (named.kind === "root") return { kind: "root", accountId: account, arn, userId: account, identityArn: arn };
    if (named.kind === "session") {
      const role = await requireIdentity(this.#metadata, { account, kind: "role", name: named.roleName });
      return sessionOf(role, named.sessionName);
    }
    const identity = await this.#metadata.identities.find(arn);
    if (identity === undefined || identity.kind === "group") throw unknownPrincipal(arn);
    return identity.kind === "user" ? userPrincipal(identity) : sessionOf(identity, ANY_SESSION);
  }
}

/** A user as one who asks. */
export function userPrincipal({ arn, accountId, uniqueId }: IdentityRow): Principal {
  return { kind: "user", accountId, arn, userId: uniqueId, identityArn: arn };
}

function sessionOf({ arn, accountId, name, uniqueId }: IdentityRow, session: string): Principal {
  return {
    kind: "role",
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${name}/${session}`,
    userId: `${uniqueId}:${session}`,
    identityArn: arn,
  };
}

function unknownPrincipal(arn: string): NoSuchEntityException {
  return new NoSuchEntityException(`The principal ${arn} cannot be found.`);
}
