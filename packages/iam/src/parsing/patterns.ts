import { ARN_FIELDS, splitArn } from "../matching/arn-pattern.ts";
import { hasVariable, parseTemplate } from "../matching/template.ts";
import type { PolicyKind, PolicyVersion } from "../policy.ts";
import type { Findings, Place } from "./findings.ts";
import type { PlacedText } from "./members.ts";

const ACTION = /^(?:\*|[A-Za-z0-9-]+):[A-Za-z0-9*?_-]+$/;
const WILDCARD = /[*?]/;
const PARTITION = /^aws(?:-[a-z]+)*$/;
const ACCOUNT = /^(?:|aws|[0-9]{12})$/;
/** arn:partition:service names a service at least. */
const MIN_ARN_FIELDS = 3;

/** `*`, or a service and an action in which wildcards may stand. */
export function checkAction({ text, place }: PlacedText, kind: PolicyKind, findings: Findings): void {
  if (kind === "trust" && !text.toLowerCase().startsWith("sts:")) {
    findings.error("INVALID_ACTION", place, "A trust policy has actions of sts only.");
  } else if (hasVariable(text)) {
    findings.error("VARIABLE_UNSUPPORTED_IN_ELEMENT", place, "Actions have no policy variables.");
  } else if (text !== "*" && !ACTION.test(text)) {
    findings.error("INVALID_ACTION", place, "An action is written service:Action, with the service in full.");
  }
}

/** `*`, or an ARN in which wildcards and variables may stand. */
export function checkResource({ text, place }: PlacedText, version: PolicyVersion, findings: Findings): void {
  checkVariables({ text, place }, version, findings);
  if (text === "*") return;
  const fields = splitArn(text);
  const [prefix = "", partition = "", service = "", , account = ""] = fields;
  if (prefix !== "arn" || fields.length < MIN_ARN_FIELDS) {
    findings.error("INVALID_ARN", place, 'A resource is an ARN or "*".');
    return;
  }
  checkPartition({ text: partition, place }, findings);
  if (service === "" || WILDCARD.test(service)) {
    findings.error("INVALID_ARN_SERVICE", place, "The service of an ARN is written in full.");
  } else if (service !== service.toLowerCase()) {
    findings.warn("INVALID_ARN_SERVICE_CASE", place, "The service of an ARN is written in lower case.");
  }
  if (fields.length < ARN_FIELDS) {
    findings.warn("MISSING_ARN_FIELD", place, "Missing fields of an ARN stand for anything.");
  } else if (!isOpen(account) && !ACCOUNT.test(account)) {
    findings.warn("INVALID_ARN_ACCOUNT", place, "An account has 12 digits.");
  }
  if (version === "2012-10-17" && fields.slice(0, ARN_FIELDS - 1).some(hasVariable)) {
    findings.warn("VARIABLE_BEFORE_RESOURCE", place, "AWS replaces variables after the fifth colon only.");
  }
}

function checkPartition({ text, place }: PlacedText, findings: Findings): void {
  if (isOpen(text) || PARTITION.test(text)) return;
  findings.error("INVALID_PARTITION", place, "The partition of an ARN is aws, aws-cn, aws-us-gov or another of AWS's.");
}

function isOpen(field: string): boolean {
  return WILDCARD.test(field) || hasVariable(field);
}

/** Malformed variables are errors; in policies of 2008, where they would be text, a warning. */
export function checkVariables({ text, place }: PlacedText, version: PolicyVersion, findings: Findings): void {
  if (!hasVariable(text)) return;
  if (version === "2008-10-17") {
    warnAboutVersion(place, findings);
    return;
  }
  const template = parseTemplate(text, version);
  if (!template.ok) findings.error(template.problem.code, place, template.problem.message);
}

function warnAboutVersion(place: Place, findings: Findings): void {
  const message = "This is text and no variable: variables need Version 2012-10-17.";
  findings.warn("VARIABLE_UNSUPPORTED_IN_VERSION", place, message);
}
