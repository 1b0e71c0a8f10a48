import {
  compile,
  contextOf,
  evaluate,
  explain,
  parsePolicy,
  type AccessRequest,
  type CompiledPolicies,
  type Decision,
  type Explanation,
  type PolicyKind,
  type PolicySets,
  type RequestPrincipal,
} from "../src/index.ts";
import type { Caller, Documents, PolicyDocument, Question } from "./documents.ts";

/** Parses and compiles documents of one role; fails on one that the parser refuses. */
export function compileDocuments(kind: PolicyKind, documents: readonly PolicyDocument[]): CompiledPolicies {
  return compile(
    documents.map((document, index) => {
      const parsed = parsePolicy(JSON.stringify(document), kind, { resourceElement: "optional" });
      if (!parsed.ok) throw new Error(`refused: ${JSON.stringify(document)} ${JSON.stringify(parsed.findings)}`);
      return { name: `${kind}-${index}`, policy: parsed.policy };
    }),
  );
}

export function setsOf({ identity, boundary, session, resource, trust }: Documents): PolicySets {
  return {
    ...(identity && { identity: identity.map((document) => compileDocuments("identity", [document])) }),
    ...(boundary && { boundary: compileDocuments("boundary", [boundary]) }),
    ...(session && { session: compileDocuments("session", session) }),
    ...(resource && { resource: resource.map((document) => compileDocuments("resource", [document])) }),
    ...(trust && { resource: [compileDocuments("trust", [trust])], resourceMustAllow: true }),
  };
}

export function requestOf({ caller, action, resource, resourceAccountId, context }: Question): AccessRequest {
  return {
    principal: principalOf(caller),
    action,
    resource,
    resourceAccountId,
    context: contextOf(Object.entries(context)),
  };
}

function principalOf({ kind, accountId, arn, roleArn, userId, service, tags }: Caller): RequestPrincipal {
  switch (kind) {
    case "anonymous":
      return { kind };
    case "service":
      return { kind, service };
    case "root":
      return { kind, accountId, arn, userId };
    case "assumedRole":
      return { kind, accountId, arn, roleArn, userId, tags };
    case "user":
    case "role":
      return { kind, accountId, arn, userId, tags };
  }
}

/** The package's own answer to documents as AWS writes them. */
export function ask(documents: Documents, question: Question): Decision {
  return evaluate(setsOf(documents), requestOf(question));
}

export function askWhy(documents: Documents, question: Question): Explanation {
  return explain(setsOf(documents), requestOf(question));
}
