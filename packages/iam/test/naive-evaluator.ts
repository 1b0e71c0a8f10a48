import type {
  Caller,
  ConditionValue,
  Documents,
  OneOrMany,
  Outcome,
  PolicyDocument,
  PrincipalDocument,
  Question,
  StatementDocument,
} from "./documents.ts";
import { valueMatches } from "./naive-conditions.ts";
import { expand, matches } from "./naive-strings.ts";

// A second reading of AWS's pages on policy evaluation, written to be checked by eye: it interprets the documents
// from scratch at every question, prepares nothing and shares no code with the package.

/** Decides a question by going through the steps of AWS's flow chart one after another. */
export function naiveDecision(documents: Documents, question: Question): Outcome {
  const { caller } = question;
  const hasOwnPolicies = caller.kind === "user" || caller.kind === "role" || caller.kind === "assumedRole";
  const identity = hasOwnPolicies ? (documents.identity ?? []) : [];
  const boundary = hasOwnPolicies && documents.boundary !== undefined ? [documents.boundary] : undefined;
  const session = hasOwnPolicies ? documents.session : undefined;
  const resource = documents.trust === undefined ? (documents.resource ?? []) : [documents.trust];

  // Step 1: a deny anywhere.
  const everything = [...identity, ...(boundary ?? []), ...(session ?? []), ...resource];
  if (everything.some((document) => says("Deny", document, question))) return "explicitDeny";

  // Step 2: what each kind of policy allows.
  const identityAllows = identity.some((document) => says("Allow", document, question));
  const boundaryAllows = boundary === undefined || boundary.some((document) => says("Allow", document, question));
  const sessionAllows = session === undefined || session.some((document) => says("Allow", document, question));
  const ways = resource.flatMap((document) => waysNamed(document, question));
  const resourceAllows = ways.length > 0;

  // Step 3: put together by who asks and whose the resource is.
  if (caller.kind === "anonymous" || caller.kind === "service") return resourceAllows ? "allowed" : "implicitDeny";
  const isOwn = caller.accountId === question.resourceAccountId;
  if (caller.kind === "root") {
    const needsResource = !isOwn || documents.trust !== undefined;
    return !needsResource || resourceAllows ? "allowed" : "implicitDeny";
  }
  const identitySide = identityAllows && boundaryAllows && sessionAllows;
  if (!isOwn) return identitySide && resourceAllows ? "allowed" : "implicitDeny";
  const isUserSession = caller.kind === "user" && session !== undefined;
  const direct = ways.some((way) => way === "everyone" || way === "session" || (way === "user" && !isUserSession));
  if (direct) return "allowed";
  const throughIdentity = ways.some((way) => way === "role" || way === "user");
  if (throughIdentity) return boundaryAllows && sessionAllows ? "allowed" : "implicitDeny";
  if (documents.trust !== undefined && !resourceAllows) return "implicitDeny";
  return identitySide ? "allowed" : "implicitDeny";
}

type Way = "everyone" | "session" | "user" | "role" | "account";

function list<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  // Array.isArray does not narrow readonly lists.
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function says(effect: "Allow" | "Deny", document: PolicyDocument, question: Question): boolean {
  return list(document.Statement).some(
    (statement) => statement.Effect === effect && applies(statement, document.Version ?? "2008-10-17", question),
  );
}

/** How the allowing statements of a resource's policy name the caller. */
function waysNamed(document: PolicyDocument, question: Question): Way[] {
  return list(document.Statement).flatMap((statement) => {
    if (statement.Effect !== "Allow" || !applies(statement, document.Version ?? "2008-10-17", question)) return [];
    if (statement.NotPrincipal !== undefined) return ["everyone" as const];
    return statement.Principal === undefined ? [] : waysIn(statement.Principal, question.caller);
  });
}

function applies(statement: StatementDocument, version: string, question: Question): boolean {
  const valueOf = (key: string): readonly string[] => valuesOf(key, question);
  const actionMatches = (pattern: string): boolean =>
    matches(expand(pattern.toLowerCase(), "2008-10-17", valueOf), question.action.toLowerCase());
  const resourceMatches = (pattern: string): boolean => {
    const forms = [pattern];
    if (pattern !== "*" && pattern.split(":").length < 6) forms.push(`${pattern}:*`);
    return forms.some((form) => matches(expand(form, version, valueOf), question.resource));
  };
  if (statement.Action !== undefined && !list(statement.Action).some(actionMatches)) return false;
  if (statement.NotAction !== undefined && list(statement.NotAction).some(actionMatches)) return false;
  if (statement.Resource !== undefined && !list(statement.Resource).some(resourceMatches)) return false;
  if (statement.NotResource !== undefined && list(statement.NotResource).some(resourceMatches)) return false;
  if (statement.Principal !== undefined && waysIn(statement.Principal, question.caller).length === 0) return false;
  if (statement.NotPrincipal !== undefined && isSpared(statement, question.caller)) return false;
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const values = list<ConditionValue>(wanted).map(String);
      return conditionHolds(operator, { wanted: values, actual: valuesOf(key, question), version, valueOf });
    }),
  );
}

interface ConditionQuestion {
  readonly wanted: readonly string[];
  readonly actual: readonly string[];
  readonly version: string;
  readonly valueOf: (key: string) => readonly string[];
}

function conditionHolds(name: string, { wanted, actual, version, valueOf }: ConditionQuestion): boolean {
  const [, qualifier = "", base = "", ifExists = ""] =
    /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(name) ?? [];
  const isThere = actual.length > 0;
  if (base === "Null") return wanted.some((text) => (text.toLowerCase() === "true" ? !isThere : isThere));
  if (ifExists !== "" && !isThere) return true;
  const isNegated = /^.*Not/.test(base);
  const positive = base.replace("Not", "");
  const isLike = (value: string): boolean =>
    wanted.some((text) => valueMatches(positive, { value, text, version, valueOf }));
  const holdsFor = (value: string): boolean => (isNegated ? !isLike(value) : isLike(value));
  const isEmpty = !isThere || (actual.length === 1 && actual[0] === "");
  if (qualifier === "ForAllValues") return isEmpty || actual.every(holdsFor);
  if (qualifier === "ForAnyValue") return !isEmpty && actual.some(holdsFor);
  // Without a qualifier: one fitting value is enough, and a negated operator is the opposite of that.
  return isNegated ? !actual.some(isLike) : actual.some(isLike);
}

/** All ways in which a Principal element names the caller. */
function waysIn(principal: PrincipalDocument, caller: Caller): Way[] {
  if (principal === "*" || list(principal.AWS).includes("*")) return ["everyone"];
  const named = list(principal.AWS);
  const ways: Way[] = [];
  if (caller.kind === "anonymous") return ways;
  if (caller.kind === "service") return list(principal.Service).includes(caller.service) ? ["everyone"] : [];
  const [roleId = ""] = caller.userId.split(":");
  if (caller.kind === "user" && (named.includes(caller.arn) || named.includes(caller.userId))) ways.push("user");
  if (caller.kind === "assumedRole" && named.includes(caller.arn)) ways.push("session");
  if (caller.kind === "role" || caller.kind === "assumedRole") {
    if (named.includes(caller.roleArn) || named.includes(roleId)) ways.push("role");
  }
  if (isAccountNamed(named, caller.accountId)) ways.push("account");
  return ways;
}

function isAccountNamed(named: readonly string[], accountId: string): boolean {
  return named.some((text) => text === accountId || new RegExp(`^arn:[^:]*:iam::${accountId}:root$`).test(text));
}

/** NotPrincipal: a deny spares who is named at all levels, an allow leaves out who is named at any. */
function isSpared(statement: StatementDocument, caller: Caller): boolean {
  const element = statement.NotPrincipal ?? "*";
  const ways = waysIn(element, caller);
  if (statement.Effect === "Allow" || ways.includes("everyone")) return ways.length > 0;
  if (caller.kind === "anonymous" || caller.kind === "service") return ways.length > 0;
  const needed: readonly Way[] = {
    root: ["account" as const],
    user: ["account" as const, "user" as const],
    role: ["account" as const, "role" as const],
    assumedRole: ["account" as const, "role" as const, "session" as const],
  }[caller.kind];
  return needed.every((way) => ways.includes(way));
}

/** Values of a condition key: those of the caller first, then the request's. */
function valuesOf(key: string, { caller, context }: Question): readonly string[] {
  const lower = key.toLowerCase();
  const own = callerValue(lower, caller);
  if (own !== undefined) return own === "" ? [] : [own];
  const tag = /^aws:principaltag\/(.*)$/s.exec(lower)?.[1];
  const [source, name] = tag === undefined ? [context, lower] : [tagsOf(caller), tag];
  const found = Object.keys(source).find((candidate) => candidate.toLowerCase() === name);
  return found === undefined ? [] : (source[found] ?? []);
}

function tagsOf(caller: Caller): Record<string, readonly string[]> {
  const hasTags = caller.kind === "user" || caller.kind === "role" || caller.kind === "assumedRole";
  return hasTags ? Object.fromEntries(Object.entries(caller.tags).map(([key, value]) => [key, [value]])) : {};
}

/** Undefined for keys that are not the caller's; empty for those that this caller lacks. */
function callerValue(key: string, caller: Caller): string | undefined {
  const isSigned = caller.kind !== "anonymous" && caller.kind !== "service";
  const isRole = caller.kind === "role" || caller.kind === "assumedRole";
  if (key === "aws:principalarn") return isSigned ? (isRole ? caller.roleArn : caller.arn) : "";
  if (key === "aws:principalaccount") return isSigned ? caller.accountId : "";
  if (key === "aws:username") return caller.kind === "user" ? (caller.arn.split("/").at(-1) ?? "") : "";
  if (key === "aws:userid") {
    if (caller.kind === "anonymous") return "anonymous";
    if (caller.kind === "root") return caller.accountId;
    return isSigned ? caller.userId : "";
  }
  if (key === "aws:principaltype") {
    return {
      root: "Account",
      user: "User",
      role: "AssumedRole",
      assumedRole: "AssumedRole",
      anonymous: "Anonymous",
      service: "",
    }[caller.kind];
  }
  return undefined;
}
