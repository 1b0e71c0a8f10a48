import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { dataPaths } from "@stowage/storage";

/**
 * Looks at the files of a server that has ended: the database is sound, and each blob that it names is there.
 * @returns what files there are besides
 */
export async function checkDataDirectory(data: string): Promise<string> {
  const { blobs, uploads } = readDatabase(dataPaths(data).database);
  const blobFiles = await filesBelow(join(data, "blobs"));
  const uploadFiles = await filesBelow(join(data, "uploads"));
  const missing = [...blobs].filter((location) => !blobFiles.has(location));
  assert.deepEqual(missing, [], "blobs that the database names and the disk does not hold");
  const stray = [...blobFiles].filter((file) => !blobs.has(file));
  const resumable = stray.filter((file) => uploads.has(file.slice(-UPLOAD_ID_CHARS)));
  assert.deepEqual(stray, resumable, "blobs that nothing names and that the sweep at the start did not take");
  const orphans = [...uploadFiles].filter((file) => !uploads.has(file));
  return (
    `${blobFiles.size} blobs on disk, ${stray.length} of them of uploads that are open, and ` +
    `${uploadFiles.size} uploads, ${orphans.length} of them in no row`
  );
}

/** A published blob's file is called after its digest and then its upload. */
const UPLOAD_ID_CHARS = 36;

interface Named {
  readonly blobs: ReadonlySet<string>;
  readonly uploads: ReadonlySet<string>;
}

function readDatabase(path: string): Named {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    assert.deepEqual(database.prepare("PRAGMA integrity_check").all().map(Object.values), [["ok"]]);
    assert.deepEqual(database.prepare("PRAGMA foreign_key_check").all(), []);
    return {
      blobs: new Set(
        database
          .prepare("SELECT location FROM blob")
          .all()
          .map((row) => String(row["location"])),
      ),
      uploads: new Set(
        database
          .prepare("SELECT id FROM upload")
          .all()
          .map((row) => String(row["id"])),
      ),
    };
  } finally {
    database.close();
  }
}

async function filesBelow(folder: string): Promise<Set<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Set(files.map((entry) => relative(folder, join(entry.parentPath, entry.name))));
}
