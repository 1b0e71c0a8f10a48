import type { PrincipalElement } from "../policy.ts";
import type { Findings } from "./findings.ts";
import { readMembers, readTexts, type Member, type PlacedText } from "./members.ts";

const PRINCIPAL_KEYS = ["AWS", "Service", "Federated", "CanonicalUser"];
const ACCOUNT = /^[0-9]{12}$/;
const ROOT_ARN = /^arn:aws(?:-[a-z]+)*:iam::([0-9]{12}):root$/;
const NAME = "[\\w+=,.@-]+";
const IDENTITY_ARN = new RegExp(`^arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:(?:user|role)/(?:[\\x21-\\x7e]*/)?${NAME}$`);
const SESSION_ARN = new RegExp(`^arn:aws(?:-[a-z]+)*:sts::[0-9]{12}:(?:assumed-role/${NAME}/|federated-user/)${NAME}$`);
const UNIQUE_ID = /^A(?:IDA|ROA)[A-Z0-9]{12,124}$/;
const HOST_NAME = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;
const PROVIDER_ARN = /^arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:(?:saml|oidc)-provider\/[\x21-\x7e]+$/;
const CANONICAL_USER = /^[0-9a-f]{64}$/;

interface PrincipalLists {
  everyone: boolean;
  readonly accounts: string[];
  readonly arns: string[];
  readonly uniqueIds: string[];
  readonly services: string[];
  readonly federated: string[];
  readonly canonicalUsers: string[];
}

/** `"*"`, or an object of kinds of principals. */
export function parsePrincipals(member: Member, negated: boolean, findings: Findings): PrincipalElement {
  const lists: PrincipalLists = {
    everyone: false,
    accounts: [],
    arns: [],
    uniqueIds: [],
    services: [],
    federated: [],
    canonicalUsers: [],
  };
  const { value, place } = member;
  if (value.kind === "string" && value.value === "*") return { ...lists, negated, everyone: true };
  if (value.kind !== "object") {
    findings.error(
      "INVALID_PRINCIPAL_FORMAT",
      place,
      'A principal is "*" or an object such as {"AWS": "123456789012"}.',
    );
    return { ...lists, negated };
  }
  const kinds = readMembers(value, { place, allowed: PRINCIPAL_KEYS, findings });
  const texts = [...(kinds ?? [])].flatMap(([kind, list]) => readTexts(list, findings).map((text) => ({ kind, text })));
  if (texts.length === 0) findings.error("MISSING_PRINCIPAL", place, "At least one principal must stand here.");
  for (const { kind, text } of texts) addPrincipal(lists, { kind, text }, findings);
  return { ...lists, negated };
}

function addPrincipal(
  lists: PrincipalLists,
  { kind, text: { text, place } }: { readonly kind: string; readonly text: PlacedText },
  findings: Findings,
): void {
  if (kind === "AWS") addAwsPrincipal(lists, { text, place }, findings);
  else if (text.includes("*")) {
    findings.error("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", place, "Principals are named in full.");
  } else if (kind === "Service") {
    lists.services.push(text);
    if (!HOST_NAME.test(text))
      findings.error("INVALID_PRINCIPAL_FORMAT", place, "A service is ecr.amazonaws.com or like it.");
  } else if (kind === "Federated") {
    lists.federated.push(text);
    const isProvider = HOST_NAME.test(text) || PROVIDER_ARN.test(text);
    if (!isProvider) findings.error("INVALID_PRINCIPAL_FORMAT", place, "A provider is a host name or an ARN.");
  } else if (kind === "CanonicalUser") {
    lists.canonicalUsers.push(text);
    if (!CANONICAL_USER.test(text)) {
      findings.error("INVALID_PRINCIPAL_FORMAT", place, "A canonical user is 64 hexadecimal digits.");
    }
  }
}

function addAwsPrincipal(lists: PrincipalLists, { text, place }: PlacedText, findings: Findings): void {
  const account = ACCOUNT.test(text) ? text : ROOT_ARN.exec(text)?.[1];
  if (text === "*") lists.everyone = true;
  else if (account !== undefined) lists.accounts.push(account);
  else if (/[*?]/.test(text)) {
    findings.error(
      "UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
      place,
      "An asterisk stands alone, for everyone, or not at all.",
    );
  } else if (UNIQUE_ID.test(text)) lists.uniqueIds.push(text);
  else if (IDENTITY_ARN.test(text) || SESSION_ARN.test(text)) lists.arns.push(text);
  else {
    const message = "A principal is an account, or the ARN of its root, a user, a role or a session.";
    findings.error("INVALID_PRINCIPAL_FORMAT", place, message);
  }
}
