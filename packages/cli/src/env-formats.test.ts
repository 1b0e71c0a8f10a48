import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ENV_FORMATS, formatVariables } from "./env-formats.ts";

const set = { A: "plain-1.2/x:y", B: 'it\'s $HOME `id` "q" \\ \n end' };
const unset = ["C", "D"];

describe("variables", () => {
  it("for sh are exported, and those in the way unset", () => {
    expect(formatVariables("sh", { set: { A: set.A, B: "a b" }, unset })).toBe(
      "export A=plain-1.2/x:y\nexport B='a b'\nunset C D\n",
    );
  });

  it("for sh mean what they say, whatever they hold", () => {
    const texts = fc.string({ maxLength: 20 }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 20 }), (values) => {
        const named = Object.fromEntries(values.map((value, i) => [`V${i}`, value]));
        const script = `${formatVariables("sh", { set: named, unset: ["C"] })}printf '%s\\0' "\${C-gone}" ${Object.keys(
          named,
        )
          .map((name) => `"$${name}"`)
          .join(" ")}`;
        const out = execFileSync("sh", ["-c", script], { env: { C: "here" } }).toString();
        expect(out).toBe(["gone", ...values].map((value) => `${value}\0`).join(""));
      }),
      { numRuns: 25 },
    );
  });

  it("for fish and powershell are quoted by their rules", () => {
    expect(formatVariables("fish", { set: { A: set.A, B: "it's \\" }, unset })).toBe(
      "set -gx A plain-1.2/x:y\nset -gx B 'it\\'s \\\\'\nset -e C\nset -e D\n",
    );
    expect(formatVariables("powershell", { set: { A: "it's" }, unset: ["C"] })).toBe(
      "$env:A = 'it''s'\nRemove-Item Env:C -ErrorAction SilentlyContinue\n",
    );
  });

  it("as JSON are those that are set", () => {
    expect(JSON.parse(formatVariables("json", { set, unset }))).toEqual(set);
  });

  it("come in every format that is offered", () => {
    for (const format of ENV_FORMATS) expect(formatVariables(format, { set: { A: "x" }, unset })).toContain("A");
  });
});
