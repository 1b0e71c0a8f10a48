import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as client from "../../packages/client/src/node/index.ts";

const page = await readFile(join(import.meta.dirname, "../../docs/boto3.md"), "utf8");
const ecr = new client.EcrClient({ region: "eu-west-1" });

/** The cells of a section's rows, without the back quotes. */
function rows(title: string): readonly (readonly string[])[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(title)) ?? "";
  const lines = section.split("\n").filter((line) => line.startsWith("| `"));
  return lines.map((line) => line.split(" | ").map((cell) => cell.replace(/^\| |`|\s*\|$/g, "").trim()));
}

it("maps the 62 methods to ones that exist", () => {
  const all = rows("Methods");
  expect(all).toHaveLength(62);
  for (const [theirs, ours = "", meaning] of all) {
    const name = ours.replace("ecr.", "");
    expect(Object.entries(ecr).some(([member, value]) => member === name && typeof value === "function")).toBe(true);
    expect(theirs?.replace("client.", "").replaceAll("_", "")).toBe(name.toLowerCase());
    expect(meaning).not.toBe("");
  }
});

it("maps the paginators and waiters to ones that exist", () => {
  expect(rows("Paginators").map(([, ours]) => ours)).toEqual(
    Object.keys(ecr.paginate).map((name) => `ecr.paginate.${name}`),
  );
  expect(rows("Waiters").map(([, ours]) => ours)).toEqual(
    Object.keys(ecr.waitUntil).map((name) => `ecr.waitUntil.${name}`),
  );
  for (const [, , alone = ""] of [...rows("Paginators"), ...rows("Waiters")]) expect(client).toHaveProperty(alone);
});

it("maps the 50 exceptions, and those of botocore, to classes that exist", () => {
  const all = rows("Exceptions");
  expect(all).toHaveLength(50);
  const general = rows("The client").filter(([theirs]) => theirs?.startsWith("botocore.exceptions"));
  expect(general).toHaveLength(6);
  for (const [, ours = ""] of [...all, ...general]) expect(client).toHaveProperty(ours);
});
