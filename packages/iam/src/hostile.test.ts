import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { requestOf } from "../test/ask.ts";
import { documents, question } from "../test/arbitraries.ts";
import { HOME, user } from "../test/callers.ts";
import type { ConditionDocument, StatementDocument } from "../test/documents.ts";
import {
  compile,
  contextOf,
  evaluate,
  explain,
  parsePolicy,
  type AccessRequest,
  type CompiledPolicies,
} from "./index.ts";
import { MAX_LONG_RESOURCE_POLICY_CHARS, MAX_POLICY_TEXT_CHARS } from "./limits.ts";

const KINDS = ["identity", "resource", "session", "boundary", "trust"] as const;
const SIZE = MAX_LONG_RESOURCE_POLICY_CHARS;

function compiled(...Statement: StatementDocument[]): CompiledPolicies {
  const parsed = parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement }), "identity", { maxChars: SIZE });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return compile([{ name: "hostile", policy: parsed.policy }]);
}

function asked(part: Partial<AccessRequest> = {}): AccessRequest {
  const resource = `arn:aws:ecr:us-east-1:${HOME}:repository/app`;
  const question = { caller: user("ann"), action: "ecr:PutImage", resource, resourceAccountId: HOME, context: {} };
  return { ...requestOf(question), ...part };
}

function allowIf(Condition: ConditionDocument): StatementDocument {
  return { Effect: "Allow", Action: "*", Resource: "*", Condition };
}

function repeated(text: string, chars = SIZE - 300): string {
  return text.repeat(Math.floor(chars / text.length));
}

/** A list of different texts that fills a policy. */
function manyOf(textOf: (index: number) => string): string[] {
  const texts: string[] = [];
  for (let chars = 300; chars < SIZE - 40;) {
    const text = textOf(texts.length);
    chars += text.length + 3;
    texts.push(text);
  }
  return texts;
}

// Nothing here may take longer than its size warrants: anything quadratic would run into the time-out.
describe("policies of 20,480 characters", () => {
  it("of actions in one list", () => {
    const actions = manyOf((index) => `ecr:A${index}`);
    expect(actions.length).toBeGreaterThan(1_500);
    const sets = { identity: [compiled({ Effect: "Allow", Action: actions, Resource: "*" })] };
    for (let times = 0; times < 10_000; times += 1) {
      expect(evaluate(sets, asked({ action: `ecr:a${actions.length - 1}` })).decision).toBe("allowed");
    }
  });

  it("of wildcards in actions, resources and conditions", () => {
    const value = "a".repeat(SIZE);
    const bombs = [repeated("a*"), repeated("*?a"), `*${repeated("a?", SIZE / 2)}b*`, `*b${repeated("a", SIZE / 2)}*`];
    for (const bomb of bombs) {
      const action = compiled({ Effect: "Allow", Action: `ecr:${bomb}b`, Resource: "*" });
      expect(evaluate({ identity: [action] }, asked({ action: `ecr:${value}` })).decision).toBe("implicitDeny");
      const resource = compiled({ Effect: "Allow", Action: "*", Resource: `arn:aws:ecr:*:*:${bomb}b` });
      expect(evaluate({ identity: [resource] }, asked({ resource: `arn:aws:ecr:x:y:${value}` })).decision).toBe(
        "implicitDeny",
      );
      for (const operator of ["StringLike", "ArnLike"]) {
        const condition = compiled(allowIf({ [operator]: { "x:y": [`arn:aws:ecr:*:*:${bomb}b`] } }));
        const context = contextOf([["x:y", `arn:aws:ecr:x:y:${value}`]]);
        expect(evaluate({ identity: [condition] }, asked({ context })).decision).toBe("implicitDeny");
      }
    }
  });

  it("of variables that stand for long values", () => {
    const agent = "a".repeat(16_384);
    const context = contextOf([
      ["aws:UserAgent", agent],
      ["x:y", "a".repeat(100)],
    ]);
    const variables = repeated("${aws:UserAgent}");
    const set = compiled(
      { Effect: "Allow", Action: "*", Resource: `arn:aws:ecr:*:*:${variables.slice(0, 16 * 300)}` },
      allowIf({ StringEquals: { "x:y": variables.slice(0, 16 * 300) } }),
      allowIf({ StringLike: { "x:y": variables.slice(0, 16 * 300) } }),
    );
    for (let times = 0; times < 1_000; times += 1) {
      expect(evaluate({ identity: [set] }, asked({ context })).decision).toBe("implicitDeny");
    }
  });

  it("of conditions ask the context once for each of them", () => {
    const keys = manyOf((index) => `x:${index}":"a`);
    const statement = allowIf({ StringNotEquals: Object.fromEntries(keys.map((_, index) => [`x:${index}`, "a"])) });
    let lookups = 0;
    const context = (): undefined => {
      lookups += 1;
      return undefined;
    };
    expect(evaluate({ identity: [compiled(statement)] }, asked({ context })).decision).toBe("allowed");
    expect(lookups).toBe(keys.length);
  });

  it("of statements, each explained", () => {
    const statements = manyOf(() => '{"Effect":"Deny","Action":"ecr:x","Resource":"*"}').map((): StatementDocument => ({
      Effect: "Deny",
      Action: "ecr:x",
      Resource: "*",
    }));
    expect(explain({ identity: [compiled(...statements)] }, asked()).statements).toHaveLength(statements.length);
  });
});

describe("texts of 131,072 characters", () => {
  const fill = (text: string): string =>
    text.repeat(Math.ceil(MAX_POLICY_TEXT_CHARS / text.length)).slice(0, MAX_POLICY_TEXT_CHARS - 200);
  const within = (element: string, value: string): string =>
    `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ecr:x","Resource":"*",${element}:${JSON.stringify(value)}}}`;
  const conditionOf = (operator: string, value: string): string =>
    `{"Statement":{"Effect":"Deny","Action":"ecr:x","Resource":"*","Condition":{"${operator}":{"a:b":${JSON.stringify(value)}}}}}`;

  it.each([
    ["brackets", fill("[")],
    ["braces", fill('{"a":')],
    ["quotation marks", fill('"')],
    ["backslashes", `"${fill("\\")}`],
    ["white space", fill(" \n")],
    ["numbers", `[${fill("1,")}1]`],
    ["one number", fill("1")],
    ["line ends before many findings", `{"Statement":[${fill("\n")}${"1,".repeat(90)}1]}`],
    ["wrong actions", within('"NotAction"', fill("a"))],
    ["variables without an end", within('"NotResource"', `arn:aws:ecr:*:*:${fill("${")}`)],
    ["a variable with an endless name", within('"NotResource"', `arn:aws:ecr:*:*:\${${fill("a")}`)],
    ["a variable with an endless default", within('"NotResource"', `arn:aws:ecr:*:*:\${a, '${fill("a")}`)],
    ["colons", within('"NotResource"', fill("arn:"))],
    ["a key that fits nothing", `{${JSON.stringify(fill("a"))}:1}`],
    ["an address", conditionOf("IpAddress", fill("1:"))],
    ["a date", conditionOf("DateEquals", fill("2026-"))],
    ["a number in a string", conditionOf("NumericEquals", fill("1"))],
    ["base64 with a bad end", conditionOf("BinaryEquals", `${fill("QUJD")}!`)],
    ["an ARN", conditionOf("ArnLike", fill("x:"))],
    ["an operator", conditionOf(fill("IfExists"), "x")],
  ])("of %s are refused", (_, text) => {
    for (const kind of KINDS) expect(parsePolicy(text, kind).ok).toBe(false);
  });

  it.each(["arn:aws:iam::111122223333:user/", "arn:aws:sts::111122223333:assumed-role/", "arn:aws", "A"])(
    "of a principal that begins with %s are refused",
    (prefix) => {
      const AWS = `${prefix}${fill("a/")}\u0001`;
      const text = JSON.stringify({ Statement: { Effect: "Deny", Principal: { AWS }, Action: "ecr:x" } });
      expect(parsePolicy(text, "resource", { resourceElement: "forbidden" }).ok).toBe(false);
      const flat = text.replaceAll("a/", "aa");
      expect(parsePolicy(flat, "resource", { resourceElement: "forbidden" }).ok).toBe(false);
    },
  );
});

describe("parsePolicy", () => {
  const anyText = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.json());

  it("never throws on any text", () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(...KINDS), (text, kind) => {
        const { ok, findings } = parsePolicy(text, kind);
        expect(ok).toBe(findings.every(({ severity }) => severity === "warning"));
      }),
      { numRuns: 5_000 },
    );
  });

  it("never throws on policies with something else in the place of something, nor does what it lets through", () => {
    const odd = fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom<unknown>(
        "*",
        "**",
        "arn:",
        "arn:aws:ecr:::${",
        "${",
        "${}",
        "::",
        "ecr:*",
        [],
        {},
        "0",
        "Deny",
        "2008-10-17",
      ),
    );
    const nth = fc.nat({ max: 60 });
    let accepted = 0;
    fc.assert(
      fc.property(documents, question, fc.tuple(odd, nth), (given, one, [value, at]) => {
        const source = given.resource?.[0] ?? given.identity?.[0] ?? given.session?.[0];
        let seen = 0;
        const text = JSON.stringify(source ?? {}, (_key, old: unknown) => (seen++ === at ? value : old));
        for (const kind of KINDS) {
          const parsed = parsePolicy(text ?? "", kind, { resourceElement: "optional" });
          if (!parsed.ok) continue;
          accepted += 1;
          const set = compile([{ name: kind, policy: parsed.policy }]);
          explain({ identity: [set], boundary: set, session: set, resource: [set] }, requestOf(one));
        }
      }),
      { numRuns: 1_500 },
    );
    expect(accepted).toBeGreaterThan(300);
  });
});
