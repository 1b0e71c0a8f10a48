import { MAX_POLICY_TEXT_CHARS } from "../limits.ts";
import type { Policy, PolicyKind, PolicyVersion, Statement } from "../policy.ts";
import { Findings, type Finding, type Place } from "./findings.ts";
import { readJson, type JsonNode } from "./json.ts";
import { lintStatement } from "./lint.ts";
import { readMembers, readText, type Members } from "./members.ts";
import type { ResourceElement, Rules } from "./reading.ts";
import { parseStatement } from "./statement.ts";

export interface ParseOptions {
  /**
   * `required` unless told; of trust policies always `forbidden`. Repository policies have none, registry policies do.
   */
  readonly resourceElement?: ResourceElement;
  /** Most characters without white space; no limit but {@link MAX_POLICY_TEXT_CHARS} unless told. */
  readonly maxChars?: number;
}

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy; readonly findings: readonly Finding[] }
  | { readonly ok: false; readonly findings: readonly Finding[] };

const ROOT: Place = { path: "", at: 0 };

/**
 * Reads a policy document by AWS's grammar and lints it. Never throws; takes time linear in the text.
 * @returns the policy and warnings, or everything that is wrong with it
 * Source: IAM User Guide, grammar of the policy language; Access Analyzer policy checks.
 */
export function parsePolicy(text: string, kind: PolicyKind, options: ParseOptions = {}): ParsedPolicy {
  const findings = new Findings(text);
  const policy = readPolicy(text, { kind, options, findings });
  if (policy === undefined || findings.hasErrors) return { ok: false, findings: findings.list };
  return { ok: true, policy, findings: findings.list };
}

interface Reading {
  readonly kind: PolicyKind;
  readonly options: ParseOptions;
  readonly findings: Findings;
}

function readPolicy(text: string, { kind, options, findings }: Reading): Policy | undefined {
  const maxChars = options.maxChars ?? MAX_POLICY_TEXT_CHARS;
  if (text.length > MAX_POLICY_TEXT_CHARS || countPolicyChars(text) > maxChars) {
    findings.error("POLICY_TOO_LONG", ROOT, `A policy has at most ${maxChars} characters without white space.`);
    return undefined;
  }
  const json = readJson(text);
  if (!json.ok) {
    findings.error(json.problem.code, { path: "", at: json.problem.at }, json.problem.message);
    return undefined;
  }
  const members = readMembers(json.root, { place: ROOT, allowed: ["Version", "Id", "Statement"], findings });
  if (members === undefined) return undefined;
  const version = readVersion(members, findings);
  const id = readId(members, kind, findings);
  const resourceElement = kind === "trust" ? "forbidden" : (options.resourceElement ?? "required");
  const statements = readStatements(members, { kind, version, resourceElement }, findings);
  return { kind, version, statements, ...(id !== undefined && { id }) };
}

/**
 * The size of a document as AWS counts it: without white space.
 * Source: IAM User Guide, IAM and AWS STS quotas.
 */
export function countPolicyChars(text: string): number {
  let chars = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit !== 32 && unit !== 9 && unit !== 10 && unit !== 13) chars += 1;
  }
  return chars;
}

function readVersion(members: Members, findings: Findings): PolicyVersion {
  const version = readText(members, "Version", findings);
  if (version === undefined) {
    if (!members.has("Version")) findings.warn("MISSING_VERSION", ROOT, "Without Version, policy variables are text.");
    return "2008-10-17";
  }
  if (version.text === "2012-10-17" || version.text === "2008-10-17") return version.text;
  findings.error("INVALID_VERSION", version.place, "Version is 2012-10-17 or 2008-10-17.");
  return "2008-10-17";
}

function readId(members: Members, kind: PolicyKind, findings: Findings): string | undefined {
  const id = readText(members, "Id", findings);
  if (id !== undefined && kind !== "resource" && kind !== "trust") {
    findings.error("UNSUPPORTED_ELEMENT", id.place, "Only policies of resources have an Id.");
  }
  return id?.text;
}

function readStatements(members: Members, rules: Rules, findings: Findings): Statement[] {
  const element = members.get("Statement");
  const nodes = element === undefined ? [] : statementNodes(element.value);
  if (nodes.length === 0) {
    findings.error("MISSING_STATEMENT", element?.place ?? ROOT, "A policy has at least one statement.");
  }
  const sids = new Set<string>();
  return nodes.flatMap(({ node, path }) => {
    const place = { path, at: node.at };
    const statement = parseStatement(node, place, { rules, findings });
    if (statement === undefined) return [];
    lintStatement(statement, place, findings);
    const { sid = "" } = statement;
    if (sids.has(sid)) reportDuplicateSid(place, rules, findings);
    // An empty Sid is none, however often it stands there.
    if (sid !== "") sids.add(sid);
    return [statement];
  });
}

/** A statement alone needs no brackets. */
function statementNodes(node: JsonNode): { node: JsonNode; path: string }[] {
  if (node.kind !== "array") return [{ node, path: "Statement" }];
  return node.items.map((item, index) => ({ node: item, path: `Statement[${index}]` }));
}

/** IAM refuses the second of two equal Sids; services that keep policies of resources vary. */
function reportDuplicateSid(place: Place, { kind }: Rules, findings: Findings): void {
  const message = "Another statement has this Sid.";
  if (kind === "resource") findings.warn("DUPLICATE_SID", place, message);
  else findings.error("DUPLICATE_SID", place, message);
}
