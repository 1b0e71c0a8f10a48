import { EntityAlreadyExistsException, isRegistryId } from "@stowage/model";
import type { Metadata } from "@stowage/registry";
import type { AccessKeys } from "../auth/access-keys.ts";
import type { Installation } from "./installation.ts";
import type { OperationsNamed } from "./operation.ts";

interface Parts {
  readonly keys: AccessKeys;
  readonly metadata: Pick<Metadata, "accounts" | "totals">;
  readonly installation: () => Installation;
}

/** What concerns the installation as a whole is its own account's. */
export function accountOperations({
  keys,
  metadata,
  installation,
}: Parts): OperationsNamed<"CreateAccount" | "GetStatus" | "ListAccounts"> {
  const resource = (): string => `arn:aws:stowage::${installation().account}:installation`;
  return {
    CreateAccount: {
      resource,
      async perform({ accountId }) {
        if (!isRegistryId(accountId)) throw new Error("an account's id was not validated");
        if (!(await keys.ensureAccount(accountId))) {
          throw new EntityAlreadyExistsException(`Account ${accountId} already exists.`);
        }
        const row = await metadata.accounts.find(accountId);
        if (row === undefined) throw new Error(`the account ${accountId} was made and is not there`);
        return { account: { accountId: row.id, createdAt: row.createdAt } };
      },
    },
    ListAccounts: {
      resource,
      async perform() {
        const rows = await metadata.accounts.list();
        return { accounts: rows.map(({ id, createdAt }) => ({ accountId: id, createdAt })) };
      },
    },
    GetStatus: {
      resource,
      async perform() {
        return { ...installation(), counts: await metadata.totals() };
      },
    },
  };
}
