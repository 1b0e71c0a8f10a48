import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

/** Plants a file in a source folder and tells what the linter or the compiler says of it. */
async function planted(folder: string, code: string, tool: "lint" | "types"): Promise<string> {
  const inside = await mkdtemp(join(root, folder, "planted-"));
  try {
    await writeFile(join(inside, "planted.ts"), code);
    await writeFile(join(inside, "other.ts"), 'export { kept as other } from "./planted.ts";\n');
    await writeFile(join(inside, "tsconfig.json"), JSON.stringify(CHECK_ONE_FOLDER));
    const [name, args]: readonly [string, readonly string[]] =
      tool === "lint" ? ["oxlint", [inside]] : ["tsc", ["-p", inside]];
    const ended = await run(join(root, "node_modules/.bin", name), args, { cwd: root }).catch(
      (error: { stdout: string }) => error,
    );
    return ended.stdout;
  } finally {
    await rm(inside, { recursive: true });
  }
}

/** The package's own settings, but for one folder and without output. */
const CHECK_ONE_FOLDER = {
  extends: "../../tsconfig.json",
  compilerOptions: {
    noEmit: true,
    composite: false,
    incremental: false,
    declaration: false,
    declarationMap: false,
    tsBuildInfoFile: null,
  },
  include: ["planted.ts", "../globals.d.ts"],
  exclude: [],
};

const forbidden: readonly (readonly [folder: string, import_: string])[] = [
  ["packages/model/src", "node:fs"],
  ["packages/model/src", "@stowage/sigv4"],
  ["packages/sigv4/src", "@stowage/model"],
  ["packages/registry/src", "@stowage/storage"],
  ["packages/registry/src", "node:crypto"],
  ["packages/client/src", "node:http"],
  ["packages/client/src", "@stowage/registry"],
  ["packages/storage/src", "@stowage/server"],
  ["packages/server/src/transport", "@stowage/registry"],
  ["packages/server/src/ecr-api", "@stowage/storage"],
  ["packages/server/src/oci-api", "../ecr-api/door.ts"],
  ["packages/server/src/ecr-api", "../oci-api/door.ts"],
  ["packages/server/src/workers", "../oci-api/door.ts"],
  ["packages/cli/src", "@stowage/registry"],
  ["packages/cli/src", "@stowage/storage"],
];

it.each(forbidden)("refuses in %s an import of %s", async (folder, module) => {
  const complaint = await planted(
    folder,
    `import * as planted from "${module}";\nexport const kept = planted;\n`,
    "lint",
  );
  expect(complaint).toContain("no-restricted-imports");
});

it("refuses globals of a runtime in a pure package", async () => {
  const complaint = await planted("packages/registry/src", "export const kept = process.env;\n", "types");
  expect(complaint).toContain("process");
});

it("refuses a path into another package", async () => {
  const code = 'export { isDigest as kept } from "../../../model/src/oci/digest.ts";\n';
  expect(await planted("packages/registry/src", code, "types")).toContain("rootDir");
});

it("refuses a circle of imports", async () => {
  const code = 'import { other } from "./other.ts";\nexport const kept = (): unknown => other;\n';
  expect(await planted("packages/registry/src", code, "lint")).toContain("no-cycle");
});
