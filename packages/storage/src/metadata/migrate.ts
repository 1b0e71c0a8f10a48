import type { Executor } from "./executor.ts";
import { numberOf } from "./executor.ts";
import type { Migration, SchemaWords } from "./schema.ts";

/** The database was written by a newer release; an older one would misread it. */
export class NewerDatabase extends Error {
  override readonly name = "NewerDatabase";
  constructor(found: number, known: number) {
    super(
      `the database has schema version ${found}, this release knows ${known}: use the release that wrote it, or newer`,
    );
  }
}

/** Runs one step alone or not at all. */
export type Step = (work: (db: Executor) => Promise<void>) => Promise<void>;

/**
 * Brings a database to the newest of `migrations`, each in a transaction of its own.
 * @throws NewerDatabase
 */
export async function migrate(migrations: readonly Migration[], words: SchemaWords, step: Step): Promise<void> {
  let found = 0;
  const known = migrations.at(-1)?.version ?? 0;
  await step(async (db) => {
    await db.run(`CREATE TABLE IF NOT EXISTS schema_version (version ${words.integer} NOT NULL)`);
    const row = await db.get("SELECT MAX(version) AS version FROM schema_version WHERE version > 0");
    found = row === undefined || row["version"] === null ? 0 : numberOf(row, "version");
  });
  if (found > known) throw new NewerDatabase(found, known);
  for (const migration of migrations) {
    if (migration.version <= found) continue;
    await step(async (db) => {
      for (const statement of migration.statements(words)) await db.run(statement);
      await db.run("INSERT INTO schema_version (version) VALUES (?1)", migration.version);
    });
  }
}
