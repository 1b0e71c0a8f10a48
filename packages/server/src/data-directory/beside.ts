import { DatabaseSync } from "node:sqlite";
import type { AccessKeyRow } from "@stowage/registry";
import { dataPaths } from "@stowage/storage";

/**
 * The oldest active key of an identity, read from the metadata of a directory that a server works in.
 * Opening the metadata as a whole would migrate and checkpoint under that server's feet; this reads one row and goes.
 */
export function readActiveKey(
  directory: string,
  principalArn: string,
): Pick<AccessKeyRow, "accessKeyId" | "sealedSecret"> | undefined {
  const database = new DatabaseSync(dataPaths(directory).database, { readOnly: true, timeout: 1000 });
  try {
    const row = database
      .prepare(
        `SELECT access_key_id, sealed_secret FROM access_key
         WHERE principal_arn = ? AND status = 'Active' ORDER BY created_at, access_key_id LIMIT 1`,
      )
      .get(principalArn);
    const sealedSecret = row?.["sealed_secret"];
    if (row === undefined || !(sealedSecret instanceof Uint8Array)) return undefined;
    return { accessKeyId: String(row["access_key_id"]), sealedSecret };
  } finally {
    database.close();
  }
}
