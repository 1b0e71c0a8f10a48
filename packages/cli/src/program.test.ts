import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spotsOf } from "./completion/tree.ts";
import { createProgram, run } from "./program.ts";

let folder: string;
let data: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stowage-program-"));
  data = join(folder, "data");
});
afterEach(() => rm(folder, { recursive: true }));

async function stowage(...line: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const io = {
    stdout: { write: (text: string) => void (out += text) },
    stderr: { write: (text: string) => void (err += text) },
    environment: {},
  };
  return { code: await run(line, io), out, err };
}

describe("help", () => {
  it("of every command shows its usage, with examples of it or its group, and no line over 100 columns but those of examples", async () => {
    const program = createProgram({ stdout: { write: () => true }, stderr: { write: () => true }, environment: {} });
    for (const { words } of spotsOf(program)) {
      const command = words === "" ? [] : words.split(" ");
      const { code, out } = await stowage(...command, "--help");
      expect(code).toBe(0);
      const [described = "", own] = out.split("Examples:\n");
      const examples = own ?? (await stowage(...command.slice(0, -1), "--help")).out.split("Examples:\n")[1];
      expect(described).toContain(["Usage: stowage", ...command].join(" "));
      expect(examples, `examples of ${words}`).toContain("stowage");
      expect(described.split("\n").filter((line) => line.length > 100)).toEqual([]);
      expect(await stowage("help", ...command)).toEqual({ code, out, err: "" });
    }
  });

  it("is as wide as the terminal, up to 120 columns", async () => {
    const at = async (columns: number): Promise<string> => {
      let out = "";
      const stdout = { write: (text: string) => void (out += text) };
      await run(["--help"], { stdout, stderr: { write: () => true }, environment: {}, columns });
      return out;
    };
    const widest = (text: string): number => Math.max(...text.split("\n").map(({ length }) => length));
    const longest = await at(120);
    expect(widest(longest)).toBeGreaterThan(widest(await at(100)));
    expect(widest(longest)).toBeLessThanOrEqual(120);
    expect(await at(121)).toBe(longest);
    expect(await at(500)).toBe(longest);
  });

  it("is what a bare command prints, as wrong usage", async () => {
    expect(await stowage()).toMatchObject({ code: 2, out: "" });
    expect((await stowage("keys")).code).toBe(2);
  });

  it("is not needed for the version", async () => {
    expect(await stowage("--version")).toMatchObject({ code: 0, out: "0.1.0\n" });
  });
});

describe("wrong usage exits with 2", () => {
  it.each([
    [["serv"], "Did you mean serve?"],
    [["serve", "--lisen", "x"], "Did you mean --listen?"],
    [["serve", "--listen", "nowhere"], "--listen: must be HOST:PORT"],
    [["serve", "--open", "--listen", "0.0.0.0:0"], "--open-to-network"],
    [["env", "--format", "csh"], "Allowed choices are sh, fish, powershell, json."],
    [["keys", "remove"], "unknown command"],
    [["keys", "delete"], "missing required argument"],
    [["help", "repositores"], "Did you mean repositories?"],
    [["help", "images", "lst"], "Did you mean list?"],
    [["repositories", "creat"], "Did you mean create?"],
    [["repositories", "list", "--limit", "0"], "It is a number from 1."],
    [["repositories", "tag", "app", "novalue"], "write KEY=VALUE"],
    [["completion", "tcsh"], "Allowed choices are bash, zsh, fish."],
    [["registry", "show", "--registry-id", "123456789012"], "unknown option"],
    [["status", "--output", "xml"], "Allowed choices are table, json, ndjson, text."],
    [["status", "--endpoint", "http://127.0.0.1:1"], "needs AWS_ACCESS_KEY_ID"],
    [["status", "--config", "/no/such/file.yaml"], "cannot be read"],
  ])("%j says %j", async (line, text) => {
    const { code, out, err } = await stowage(...line);
    expect(err).toContain(text);
    expect([code, out]).toEqual([2, ""]);
  });

  it("every flag of serve is a setting", async () => {
    const { out } = await stowage("serve", "--help");
    const flags = [...out.matchAll(/^ +--([a-z-]+)/gm)].map(([, flag]) => flag ?? "").filter((flag) => flag !== "help");
    expect(flags.length).toBeGreaterThan(10);
    const { settings } = await import("../../server/src/config/settings.ts");
    const known = [...settings.map(({ flag }) => flag), "config"];
    expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
  });
});

describe("an installation", () => {
  it("that is not there exits with 3, and is not made", async () => {
    expect(await stowage("status", "--data", data)).toMatchObject({ code: 3, out: "" });
    expect(await stowage("keys", "list", "--data", data)).toMatchObject({ code: 3, out: "" });
  });

  it("is made by env, which prints its key", async () => {
    const { code, out } = await stowage("env", "--data", data, "--format", "json", "--region", "eu-west-1");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^AKIA/),
      AWS_SECRET_ACCESS_KEY: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      AWS_ENDPOINT_URL_ECR: "http://localhost:5100",
      AWS_ENDPOINT_URL_STS: "http://localhost:5100",
    });
    expect((await stowage("env", "--data", data, "--format", "json", "--region", "eu-west-1")).out).toBe(out);
  });

  it("has no endpoint to print while its port is unknown", async () => {
    expect(await stowage("env", "--data", data, "--listen", "127.0.0.1:0")).toMatchObject({ code: 2, out: "" });
  });

  it("shows its state as a table and as JSON", async () => {
    await stowage("env", "--data", data);
    expect((await stowage("status", "--data", data)).out).toMatch(/^running +false\n(.*\n)*images +0\n/);
    const { out } = await stowage("status", "--data", data, "--output", "json");
    expect(JSON.parse(out)).toMatchObject({ running: false, dataDirectory: data, repositories: 0 });
  });

  it("has its keys managed", async () => {
    await stowage("env", "--data", data);
    const made = JSON.parse((await stowage("keys", "create", "--data", data, "--output", "json")).out) as {
      accessKeyId: string;
      secretAccessKey: string;
    };
    const list = async (): Promise<string> => (await stowage("keys", "list", "--data", data)).out;
    expect(await list()).toMatch(/^accessKeyId +status +createdAt\n/);
    expect(await list()).not.toContain(made.secretAccessKey);
    expect(await stowage("keys", "deactivate", made.accessKeyId, "--data", data)).toEqual({
      code: 0,
      out: "",
      err: "",
    });
    expect(await list()).toMatch(new RegExp(`${made.accessKeyId} +Inactive`));
    expect((await stowage("keys", "activate", made.accessKeyId, "--data", data)).code).toBe(0);
    expect(await list()).toMatch(new RegExp(`${made.accessKeyId} +Active`));
    expect((await stowage("keys", "delete", made.accessKeyId, "--data", data)).code).toBe(0);
    const gone = await stowage("keys", "delete", made.accessKeyId, "--data", data);
    expect(gone).toMatchObject({
      code: 3,
      err: `stowage: The access key with id '${made.accessKeyId}' does not exist.\n`,
    });
  });
});
