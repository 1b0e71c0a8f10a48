import type { PatternElement, PrincipalElement, Statement } from "../policy.ts";
import { checkAction, checkResource } from "./patterns.ts";
import { parseConditions } from "./conditions.ts";
import type { Findings, Place } from "./findings.ts";
import type { JsonNode } from "./json.ts";
import { readMembers, readText, readTexts, type Member, type Members, type PlacedText } from "./members.ts";
import { parsePrincipals } from "./principals.ts";
import type { StatementReading } from "./reading.ts";

const ELEMENTS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];
const IAM_SID = /^[A-Za-z0-9]*$/;
/** Services that keep policies of resources take more; ECR's own console writes spaces. */
const RESOURCE_SID = /^[\x20-\x7e]*$/;

export function parseStatement(node: JsonNode, place: Place, reading: StatementReading): Statement | undefined {
  const { findings } = reading;
  const members = readMembers(node, { place, allowed: ELEMENTS, findings });
  if (members === undefined) return undefined;
  const sid = readSid(members, reading);
  const effect = readEffect(members, place, findings);
  const principals = readPrincipals(members, place, reading);
  const actions = readActions(members, place, reading);
  const resources = readResources(members, place, reading);
  const condition = members.get("Condition");
  const conditions = condition === undefined ? [] : parseConditions(condition, reading);
  if (effect === undefined || actions === undefined) return undefined;
  return {
    effect,
    actions,
    conditions,
    ...(sid !== undefined && { sid }),
    ...(principals !== undefined && { principals }),
    ...(resources !== undefined && { resources }),
  };
}

function readSid(members: Members, { rules, findings }: StatementReading): string | undefined {
  const sid = readText(members, "Sid", findings);
  if (sid === undefined) return undefined;
  const grammar = rules.kind === "resource" ? RESOURCE_SID : IAM_SID;
  if (!grammar.test(sid.text)) findings.error("UNSUPPORTED_SID", sid.place, "A Sid has letters and digits only.");
  return sid.text;
}

function readEffect(members: Members, place: Place, findings: Findings): Statement["effect"] | undefined {
  const effect = readText(members, "Effect", findings);
  if (effect?.text === "Allow" || effect?.text === "Deny") return effect.text;
  if (effect !== undefined) findings.error("INVALID_EFFECT", effect.place, "Effect is Allow or Deny.");
  else if (!members.has("Effect")) findings.error("MISSING_EFFECT", place, "A statement has an Effect.");
  return undefined;
}

/** One of an element and its negation; undefined and a finding when both are there. */
function readEither(
  members: Members,
  name: "Principal" | "Action" | "Resource",
  findings: Findings,
): { member: Member; negated: boolean } | undefined {
  const plain = members.get(name);
  const negation = members.get(`Not${name}`);
  if (plain !== undefined && negation !== undefined) {
    findings.error("UNSUPPORTED_ELEMENT_COMBINATION", negation.place, `${name} and Not${name} exclude each other.`);
  }
  const member = plain ?? negation;
  return member === undefined ? undefined : { member, negated: plain === undefined };
}

function readPrincipals(members: Members, place: Place, reading: StatementReading): PrincipalElement | undefined {
  const { rules, findings } = reading;
  const found = readEither(members, "Principal", findings);
  if (rules.kind !== "resource" && rules.kind !== "trust") {
    if (found === undefined) return undefined;
    const message = "Policies of identities and sessions apply to their holder and have no Principal.";
    findings.error("UNSUPPORTED_PRINCIPAL", found.member.place, message);
    return undefined;
  }
  if (found !== undefined) return parsePrincipals(found.member, found.negated, findings);
  findings.error("MISSING_PRINCIPAL", place, "A statement has a Principal here.");
  return undefined;
}

function readActions(members: Members, place: Place, reading: StatementReading): PatternElement | undefined {
  const { rules, findings } = reading;
  const found = readEither(members, "Action", findings);
  if (found === undefined) {
    findings.error("MISSING_ACTION", place, "A statement has an Action or a NotAction.");
    return undefined;
  }
  const texts = readPatterns(found.member, { code: "MISSING_ACTION", name: "action" }, findings);
  for (const action of texts) checkAction(action, rules.kind, findings);
  return { negated: found.negated, patterns: texts.map(({ text }) => text) };
}

function readResources(members: Members, place: Place, reading: StatementReading): PatternElement | undefined {
  const { rules, findings } = reading;
  const found = readEither(members, "Resource", findings);
  if (found === undefined) {
    if (rules.resourceElement === "required") {
      findings.error("MISSING_RESOURCE", place, "A statement has a Resource or a NotResource.");
    }
    return undefined;
  }
  if (rules.resourceElement === "forbidden") {
    findings.error("UNSUPPORTED_ELEMENT", found.member.place, "The policy belongs to one resource and names none.");
  }
  const texts = readPatterns(found.member, { code: "MISSING_RESOURCE", name: "resource" }, findings);
  for (const resource of texts) checkResource(resource, rules.version, findings);
  return { negated: found.negated, patterns: texts.map(({ text }) => text) };
}

function readPatterns(
  member: Member,
  { code, name }: { readonly code: string; readonly name: string },
  findings: Findings,
): PlacedText[] {
  const isEmpty = member.value.kind === "array" && member.value.items.length === 0;
  if (isEmpty) findings.error(code, member.place, `At least one ${name} must stand here.`);
  return readTexts(member, findings);
}
