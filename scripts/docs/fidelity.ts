import { readdir, readFile } from "node:fs/promises";
import { ecrCodec } from "@stowage/model";
import { knownSkips } from "../../tests/conformance/summary.ts";
import { generatedFile } from "../generated-file.ts";
import { differences } from "./differences.ts";

const root = new URL("../../", import.meta.url);
const PROOFS = ["tests/wire/ecr", "tests/interop/clients"];

/** Routes of the registry protocol and the tests of each; the conformance cases go through all of them. */
const ROUTES: readonly (readonly [route: string, proof: string])[] = [
  ["GET /v2/ and the challenge", "tests/wire/oci/challenge.test.ts"],
  ["GET, HEAD, PUT, DELETE /v2/NAME/manifests/REFERENCE", "tests/wire/oci/manifests.test.ts"],
  ["GET, HEAD, DELETE /v2/NAME/blobs/DIGEST", "tests/wire/oci/blobs.test.ts"],
  ["POST /v2/NAME/blobs/uploads/", "tests/wire/oci/uploads.test.ts"],
  ["GET, PATCH, PUT, DELETE /v2/NAME/blobs/uploads/ID", "tests/wire/oci/uploads.test.ts"],
  ["POST with mount", "tests/wire/oci/mounting.test.ts"],
  ["GET /v2/NAME/tags/list, /v2/_catalog", "tests/wire/oci/lists.test.ts"],
  ["GET /v2/NAME/referrers/DIGEST", "tests/wire/oci/referrers.test.ts"],
  ["GET, HEAD /layers/… (GetDownloadUrlForLayer)", "tests/wire/oci/layer-urls.test.ts"],
  ["paths that are none", "tests/wire/oci/hostile-paths.test.ts"],
];

/** Tells of each operation and route which test proves it, and every known difference from AWS. */
export async function generateFidelity(check: boolean): Promise<readonly string[]> {
  const absent = await texts("packages/server/src/ecr-api/absent");
  const proofs = await texts(...PROOFS);
  const operations = ecrCodec.operationNames.toSorted().map((name) => {
    const word = new RegExp(`\\b${name}(Command)?\\b|\\b${snake(name)}\\b|\\b${snake(name, "-")}\\b`, "u");
    const files = [...proofs].filter(([, text]) => word.test(text)).map(([file]) => `\`${file}\``);
    if (files.length === 0) throw new Error(`No test speaks of ${name}`);
    const isAbsent = [...absent].some(([, text]) => new RegExp(`\\b${name}:`, "u").test(text));
    return `| ${name} | ${isAbsent ? "refused or empty, honestly" : "complete"} | ${files.join(", ")} |`;
  });
  for (const proof of [...ROUTES.map(([, file]) => file), ...differences.map(({ proof: file }) => file)]) {
    await readFile(new URL(proof, root));
  }
  const page = [
    "# Fidelity",
    "",
    "What is proved by which test, and every difference from AWS that is known. This page is generated.",
    "",
    "## Operations of the ECR API",
    "",
    "| Operation | State | Proved in |",
    "|---|---|---|",
    ...operations,
    "",
    "## Routes of the registry protocol",
    "",
    "All of them also pass the cases of the OCI conformance suite, versions 1.0, 1.1 and main (`tests/conformance`).",
    "",
    "| Route | Proved in |",
    "|---|---|",
    ...ROUTES.map(([route, proof]) => `| ${route} | \`${proof}\` |`),
    "",
    "## Conformance cases that are skipped",
    "",
    "| Reason | Why |",
    "|---|---|",
    ...knownSkips.map(({ reason, why }) => `| ${reason} | ${why} |`),
    "| cases of a later version than the one under test | not part of that version |",
    "",
    "## Differences from AWS",
    "",
    "| Subject | AWS | Here | Why | Proved in |",
    "|---|---|---|---|---|",
    ...differences.map((row) => `| ${row.subject} | ${row.aws} | ${row.here} | ${row.why} | \`${row.proof}\` |`),
    "",
    "Operations that this version does not have answer what ECR answers where nothing of the kind was ever stored, and refuse to store it.",
    "",
  ];
  return generatedFile("docs/fidelity.md", page.join("\n"), check);
}

async function texts(...folders: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    for (const name of (await readdir(new URL(folder, root))).toSorted()) {
      if (name.endsWith(".ts"))
        found.set(`${folder}/${name}`, await readFile(new URL(`${folder}/${name}`, root), "utf8"));
    }
  }
  return found;
}

function snake(name: string, joint = "_"): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/gu, joint).toLowerCase();
}
