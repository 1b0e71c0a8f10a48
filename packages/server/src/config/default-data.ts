import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where an installation lives when nobody says: beside the sources in a checkout, else where the platform keeps user data. */
export function defaultDataDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const checkout = checkoutRoot();
  if (checkout !== undefined) return join(checkout, ".stowage");
  if (process.platform === "win32") {
    return join(environment["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "stowage");
  }
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "stowage");
  return join(environment["XDG_DATA_HOME"] || join(homedir(), ".local", "share"), "stowage");
}

function checkoutRoot(): string | undefined {
  const root = join(import.meta.dirname, "..", "..", "..", "..");
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const name = typeof manifest === "object" && manifest !== null && "name" in manifest ? manifest.name : undefined;
    return name === "stowage-workspace" ? root : undefined;
  } catch {
    // No such file: this is an installed package.
    return undefined;
  }
}
