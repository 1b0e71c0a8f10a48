import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** Every file of this package that the given one loads at run time, itself among them. */
function loadedBy(file: URL, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file.pathname)) return seen;
  seen.add(file.pathname);
  const source = readFileSync(file, "utf8");
  for (const [, kind, path] of source.matchAll(/^(?:import|export) (type )?[^;]*? from "(\.[^"]+)";/gm)) {
    if (kind === undefined && path !== undefined) loadedBy(new URL(path, file), seen);
  }
  return seen;
}

function namesLoadedBy(path: string): readonly string[] {
  const root = new URL("./", import.meta.url);
  return [...loadedBy(new URL(path, root))].map((file) => file.slice(root.pathname.length));
}

describe("what a module loads", () => {
  it.each(["ecr/codec.ts", "admin/codec.ts"])("is neither constraints nor sentences for %s", (path) => {
    const loaded = namesLoadedBy(path);
    expect(loaded).toContain(path.replace("codec.ts", "table/table.ts"));
    expect(loaded.filter((name) => /constraints|sentences|validate/.test(name))).toEqual([]);
  });

  it("is no table for the words of OCI, for hosts and for ARNs", () => {
    for (const path of ["oci/manifest.ts", "oci/reference.ts", "names/hosts.ts", "names/arns.ts"]) {
      expect(namesLoadedBy(path).filter((name) => name.includes("table"))).toEqual([]);
    }
  });

  it("is no sentence for validation", () => {
    expect(namesLoadedBy("ecr/validate.ts").filter((name) => name.includes("sentences"))).toEqual([]);
  });
});

describe("the index", () => {
  const index = readFileSync(new URL("index.ts", import.meta.url), "utf8");

  it.each([
    "ecr/generated/types.ts",
    "ecr/generated/errors.ts",
    "admin/generated/types.ts",
    "admin/generated/errors.ts",
  ])("exports all of %s", (path) => {
    const source = readFileSync(new URL(path, import.meta.url), "utf8");
    const names = [...source.matchAll(/^export (?:interface|type|class|const) (\w+)/gm)].map(([, name = ""]) => name);
    // What administrative operations take and answer is told by AdminOperations.
    const isNamed = (name: string): boolean => !path.startsWith("admin/") || !/(?:Request|Response)$/.test(name);
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => isNamed(name) && !new RegExp(`\\b${name}\\b`).test(index))).toEqual([]);
  });
});
