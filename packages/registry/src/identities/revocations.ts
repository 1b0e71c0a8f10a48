import { AccessKeyNotFoundException, decodeBase64, type RegistryId } from "@stowage/model";
import { toHex } from "../hex.ts";
import type { RevocationRow } from "../ports/identity-rows.ts";
import type { Metadata } from "../ports/metadata.ts";
import type { Clock, Hasher } from "../ports/runtime.ts";
import type { Principals } from "./principals.ts";

/** A session lasts 36 hours at most, and a token made at its end 12 more: then nothing is left to refuse. */
export const REVOCATION_LIFE_MS = 48 * 3_600_000;

/** Whose credentials are taken back; see {@link RevocationRow}. */
export type Revoked =
  | { readonly principalArn: string }
  | { readonly accessKeyId: string }
  /** A docker password, or as `AWS:PASSWORD` in base64, as GetAuthorizationToken answers it. */
  | { readonly token: string };

interface Parts {
  readonly metadata: Metadata;
  readonly clock: Clock;
  readonly hasher: Hasher;
  readonly principals: Principals;
}

/** Takes credentials back that are out in the world; on every process with the next request. */
export class Revocations {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Refuses from now on what was issued until now: of a principal its sessions and tokens, of a key the tokens that were
   * made with it, of a session's key also the session itself. Keys that do not expire stay good for new requests.
   * @throws NoSuchEntityException @throws AccessKeyNotFoundException of the account there is nothing of this name
   */
  async revoke(account: RegistryId, revoked: Revoked): Promise<RevocationRow> {
    const { metadata, clock } = this.#parts;
    const subject = await this.#subject(account, revoked);
    const nowMs = clock.now().getTime();
    // Of what was issued in this millisecond nobody can tell whether it was before.
    const [before, expiresAt] = [new Date(nowMs + 1), new Date(nowMs + REVOCATION_LIFE_MS)];
    const revocation = { ...subject, before, expiresAt };
    await metadata.transaction((rows) => rows.access.putRevocation(revocation));
    return revocation;
  }

  /** The principal whose key it is: whoever may act on that may take the key's credentials back. */
  async ownerOf(account: RegistryId, accessKeyId: string): Promise<string | undefined> {
    const { accessKeys, sessions } = this.#parts.metadata;
    const row = (await accessKeys.find(accessKeyId)) ?? (await sessions.find(accessKeyId));
    if (row?.accountId !== account) return undefined;
    return "identityArn" in row ? row.identityArn : row.principalArn;
  }

  async #subject(account: RegistryId, revoked: Revoked): Promise<Pick<RevocationRow, "kind" | "subject">> {
    if ("principalArn" in revoked) {
      await this.#parts.principals.find(account, revoked.principalArn);
      return { kind: "principal", subject: revoked.principalArn };
    }
    if ("token" in revoked) return { kind: "token", subject: await this.#tokenHash(revoked.token) };
    const { accessKeyId } = revoked;
    if ((await this.ownerOf(account, accessKeyId)) !== undefined) return { kind: "accessKey", subject: accessKeyId };
    throw new AccessKeyNotFoundException(`The access key with id '${accessKeyId}' does not exist.`);
  }

  async #tokenHash(token: string): Promise<string> {
    const bytes = new TextEncoder().encode(passwordOf(token));
    return toHex(await this.#parts.hasher.digest("sha256", bytes));
  }
}

const USER = "AWS:";

/** The password, also of a whole login in base64. A password has no character that an encoded login lacks, but no such prefix. */
function passwordOf(token: string): string {
  const bytes = decodeBase64(token);
  const login = bytes === undefined ? "" : new TextDecoder().decode(bytes);
  return login.startsWith(USER) ? login.slice(USER.length) : token;
}
