import { OPERATORS, type OperatorFamily } from "../conditions/operators.ts";
import { parseIpRange } from "../conditions/ip.ts";
import { canonicalBase64, parseBoolean, parseDate, parseNumber } from "../conditions/values.ts";
import { ARN_FIELDS, splitArn } from "../matching/arn-pattern.ts";
import { hasVariable } from "../matching/template.ts";
import { OPERATOR_NAMES, type Condition, type OperatorName, type SetQualifier } from "../policy.ts";
import type { Findings } from "./findings.ts";
import type { JsonNode } from "./json.ts";
import { readMembers, type Member, type PlacedText } from "./members.ts";
import { checkVariables } from "./patterns.ts";
import type { StatementReading } from "./reading.ts";

interface OperatorUse {
  readonly operator: OperatorName;
  readonly qualifier?: SetQualifier;
  readonly ifExists: boolean;
}

const QUALIFIERS: ReadonlyMap<string, SetQualifier> = new Map([
  ["forallvalues", "ForAllValues"],
  ["foranyvalue", "ForAnyValue"],
]);
const NAMES: ReadonlyMap<string, OperatorName> = new Map(OPERATOR_NAMES.map((name) => [name.toLowerCase(), name]));
const IF_EXISTS = "ifexists";
const CONDITION_KEY = /^[A-Za-z0-9-]+:[^\s].*$/s;
/** These say nothing without the key of a tag. */
const TAG_KEY_PREFIX = /^(?:aws:(?:principal|request|resource)tag|ecr:resourcetag)\/?$/i;

/** The element Condition: operators, under each of them keys, under each of them values. */
export function parseConditions(member: Member, reading: StatementReading): Condition[] {
  const { findings } = reading;
  const operators = readMembers(member.value, { place: member.place, findings }) ?? new Map<string, Member>();
  return [...operators].flatMap(([name, keys]) => {
    const use = parseOperator(name);
    if (use === undefined) {
      findings.error("INVALID_CONDITION_OPERATOR", keys.place, "There is no such condition operator.");
      return [];
    }
    if (use.operator === "Null" && use.ifExists) {
      findings.error("NULL_WITH_IF_EXISTS", keys.place, "Null asks whether a key exists and has no IfExists.");
    }
    return parseKeys(keys, use, reading);
  });
}

/** `ForAnyValue:StringLikeIfExists`; like AWS in any case. */
function parseOperator(text: string): OperatorUse | undefined {
  const lower = text.toLowerCase();
  const colon = lower.indexOf(":");
  const qualifier = QUALIFIERS.get(lower.slice(0, Math.max(0, colon)));
  if (colon >= 0 && qualifier === undefined) return undefined;
  const suffixed = lower.slice(colon + 1);
  const ifExists = suffixed.endsWith(IF_EXISTS);
  const operator = NAMES.get(ifExists ? suffixed.slice(0, -IF_EXISTS.length) : suffixed);
  if (operator === undefined) return undefined;
  return { operator, ifExists, ...(qualifier !== undefined && { qualifier }) };
}

function parseKeys(member: Member, use: OperatorUse, reading: StatementReading): Condition[] {
  const { findings } = reading;
  const keys = readMembers(member.value, { place: member.place, findings }) ?? new Map<string, Member>();
  if (keys.size === 0) findings.warn("EMPTY_CONDITION", member.place, "An operator without keys has no effect.");
  const seen = new Set<string>();
  return [...keys].map(([key, values]) => {
    if (seen.has(key.toLowerCase())) {
      findings.error("DUPLICATE_CONDITION_KEY", values.place, "The key stands here twice, in different case.");
    }
    seen.add(key.toLowerCase());
    checkKey({ text: key, place: values.place }, findings);
    const texts = readValues(values, findings);
    for (const text of texts) checkValue(text, use, reading);
    return { ...use, key, values: texts.map(({ text }) => text) };
  });
}

function checkKey({ text, place }: PlacedText, findings: Findings): void {
  if (!CONDITION_KEY.test(text)) {
    findings.error("INVALID_CONDITION_KEY_FORMAT", place, "A condition key is written service:key.");
  } else if (TAG_KEY_PREFIX.test(text)) {
    findings.error("MISSING_TAG_KEY", place, "The condition key ends in the key of a tag.");
  }
}

function readValues({ value, place }: Member, findings: Findings): PlacedText[] {
  const nodes = value.kind === "array" ? value.items : [value];
  if (nodes.length === 0) findings.warn("EMPTY_CONDITION", place, "A key without values matches nothing.");
  return nodes.flatMap((node, index) => {
    const path = value.kind === "array" ? `${place.path}[${index}]` : place.path;
    const text = scalarText(node);
    if (text !== undefined) return [{ text, place: { path, at: node.at } }];
    findings.error(
      "DATA_TYPE_MISMATCH",
      { path, at: node.at },
      "A condition value is a string, a number or a boolean.",
    );
    return [];
  });
}

/** Quotation marks are optional around numbers and booleans. */
function scalarText(node: JsonNode): string | undefined {
  if (node.kind === "string") return node.value;
  if (node.kind === "number") return node.text;
  return node.kind === "boolean" ? String(node.value) : undefined;
}

function checkValue(value: PlacedText, { operator }: OperatorUse, { rules, findings }: StatementReading): void {
  const { family } = OPERATORS[operator];
  const check = CHECKS[family];
  if (check.takesVariables) checkVariables(value, rules.version, findings);
  else if (hasVariable(value.text)) {
    findings.error("INVALID_VARIABLE_FOR_OPERATOR", value.place, "Only operators of strings and ARNs take variables.");
    return;
  }
  if (hasVariable(value.text) || check.isValid(value.text)) return;
  findings.error("INVALID_CONDITION_VALUE", value.place, `${operator} compares ${check.expects}.`);
}

interface ValueCheck {
  readonly takesVariables: boolean;
  readonly expects: string;
  readonly isValid: (text: string) => boolean;
}

const CHECKS: Readonly<Record<OperatorFamily, ValueCheck>> = {
  string: { takesVariables: true, expects: "strings", isValid: () => true },
  number: { takesVariables: false, expects: "numbers", isValid: (text) => parseNumber(text) !== undefined },
  date: {
    takesVariables: false,
    expects: "dates such as 2026-11-21T12:00:00Z, or seconds since 1970",
    isValid: (text) => parseDate(text) !== undefined,
  },
  // The guide's pages differ on variables here; it harms nobody to take them.
  boolean: { takesVariables: true, expects: "true and false", isValid: (text) => parseBoolean(text) !== undefined },
  null: { takesVariables: false, expects: "true and false", isValid: (text) => parseBoolean(text) !== undefined },
  binary: { takesVariables: false, expects: "Base64", isValid: (text) => canonicalBase64(text) !== undefined },
  ip: {
    takesVariables: false,
    expects: "addresses such as 203.0.113.0/24 or 2001:db8::/32",
    isValid: (text) => parseIpRange(text) !== undefined,
  },
  arn: { takesVariables: true, expects: "ARNs", isValid: isArnPattern },
};

function isArnPattern(text: string): boolean {
  const fields = splitArn(text);
  if (fields.length < ARN_FIELDS) return text === "*" || (fields[0] === "arn" && text.endsWith("*"));
  return fields[0] === "arn" || fields[0] === "*";
}
