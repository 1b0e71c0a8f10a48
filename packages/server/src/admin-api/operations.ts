import type { AdminOperationName, AdminOperations, RegistryId } from "@stowage/model";
import type { Metadata } from "@stowage/registry";
import type { Identities } from "../auth/identities.ts";

/** What the status tells besides counts. */
export interface Installation {
  readonly version: string;
  readonly startedAt: Date;
  readonly dataDirectory: string;
  /** Empty when no server runs. */
  readonly endpoint: string;
  readonly account: RegistryId;
  readonly region: string;
}

/** An operation on behalf of an account; the caller was authorised. */
export type AdminOperation<N extends AdminOperationName> = (
  input: AdminOperations[N]["input"],
  account: RegistryId,
) => Promise<AdminOperations[N]["output"]>;

export type AdminOperationSet = { readonly [N in AdminOperationName]: AdminOperation<N> };

export interface AdminParts {
  readonly identities: Identities;
  readonly metadata: Pick<Metadata, "totals">;
  readonly installation: () => Installation;
}

/** The administration's operations, served by the door and, without a server, in the command's own process. */
export function adminOperations({ identities, metadata, installation }: AdminParts): AdminOperationSet {
  return {
    async GetStatus() {
      return { ...installation(), counts: await metadata.totals() };
    },
    async ListAccessKeys(_input, account) {
      return { accessKeys: await identities.list(account) };
    },
    async CreateAccessKey(_input, account) {
      const { accessKeyId, secretAccessKey, status, createdAt } = await identities.create(account);
      return { accessKeyId, secretAccessKey, status, createdAt };
    },
    async UpdateAccessKey({ accessKeyId, status }, account) {
      await identities.setStatus(account, accessKeyId, status);
      return {};
    },
    async DeleteAccessKey({ accessKeyId }, account) {
      await identities.delete(account, accessKeyId);
      return {};
    },
  };
}
