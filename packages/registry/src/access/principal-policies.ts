import { compile, type CompiledPolicies, type PolicySets, type RequestPrincipal } from "@stowage/iam";
import type { IdentityPolicies, SessionRow } from "../ports/identity-rows.ts";
import type { MetadataReads } from "../ports/metadata.ts";
import type { ResourceTag } from "../ports/repository-rows.ts";
import type { Principal } from "./authoriser.ts";
import { findAwsManagedPolicy } from "./aws-managed-policies.ts";
import { compileStored, type ReportUnreadable, type StoredPolicy } from "./compiled-policy.ts";

/** A principal with everything that limits it. */
export interface PrincipalPolicies {
  readonly principal: RequestPrincipal;
  readonly sets: Pick<PolicySets, "identity" | "boundary" | "session">;
  /** When the session's credentials were given out; absent without a session. */
  readonly issuedAt?: Date;
  readonly chars: number;
}

const NOTHING: CompiledPolicies = compile([]);

/** Under this key what {@link loadPrincipal} answers may be kept. */
export function principalKey({ kind, arn, userId, identityArn, sessionKeyId = "" }: Principal): string {
  return `${kind} ${arn} ${userId} ${identityArn} ${sessionKeyId}`;
}

/**
 * Reads and compiles what decides about a principal.
 * @returns undefined when its identity or its session is gone: nobody may do anything in its name
 */
export async function loadPrincipal(
  metadata: Pick<MetadataReads, "identities" | "sessions">,
  principal: Principal,
  report: ReportUnreadable,
): Promise<PrincipalPolicies | undefined> {
  const { kind, identityArn, sessionKeyId } = principal;
  const session = sessionKeyId === undefined ? undefined : await metadata.sessions.find(sessionKeyId);
  if (sessionKeyId !== undefined && session === undefined) return undefined;
  const issued = session === undefined ? {} : { issuedAt: session.createdAt };
  if (kind !== "user" && kind !== "role") {
    return { principal: requestPrincipal(principal, []), sets: {}, chars: 0, ...issued };
  }
  const policies = await metadata.identities.policiesOf(identityArn);
  if (policies === undefined) return undefined;
  const identity = compileStored(identityPolicies(policies), report);
  const boundary = compileBoundary(policies, report);
  const limits = session && (await compileSession(metadata, session, report));
  return {
    principal: requestPrincipal(principal, [...policies.identity.tags, ...(session?.tags ?? [])]),
    sets: {
      identity: [identity.policies],
      ...(boundary && { boundary: boundary.policies }),
      ...(limits && { session: limits.policies }),
    },
    chars: identity.chars + (boundary?.chars ?? 0) + (limits?.chars ?? 0),
    ...issued,
  };
}

function identityPolicies({ inline, attached, managed }: IdentityPolicies): StoredPolicy[] {
  const own = inline.map(({ name, text, owner }) => ({ name: `inline policy ${name} of ${owner}`, text }));
  const shared = attached.flatMap((arn) => {
    const found = findAwsManagedPolicy(arn) ?? managed.find((policy) => policy.arn === arn);
    // An attachment to a policy that is gone gives nothing.
    return found === undefined ? [] : [{ name: arn, text: found.text }];
  });
  return [...own, ...shared].map((policy) => ({ ...policy, kind: "identity" }));
}

function compileBoundary(
  { identity: { boundaryArn }, managed }: IdentityPolicies,
  report: ReportUnreadable,
): ReturnType<typeof compileStored> | undefined {
  if (boundaryArn === undefined) return undefined;
  const found = findAwsManagedPolicy(boundaryArn) ?? managed.find(({ arn }) => arn === boundaryArn);
  // A boundary that is gone lets nothing through.
  if (found === undefined) return { policies: NOTHING, chars: 0 };
  return compileStored([{ name: boundaryArn, text: found.text, kind: "boundary" }], report);
}

async function compileSession(
  { identities }: Pick<MetadataReads, "identities">,
  { policies, policyArns }: SessionRow,
  report: ReportUnreadable,
): Promise<ReturnType<typeof compileStored> | undefined> {
  if (policies.length === 0 && policyArns.length === 0) return undefined;
  const stored: StoredPolicy[] = policies.map(({ name, text }) => ({
    name: `session policy ${name}`,
    text,
    kind: "session",
  }));
  for (const arn of policyArns) {
    const found = findAwsManagedPolicy(arn) ?? (await identities.findPolicy(arn));
    if (found !== undefined) stored.push({ name: arn, text: found.text, kind: "session" });
  }
  return compileStored(stored, report);
}

/** @param tags later ones go over earlier ones of the same key */
function requestPrincipal(principal: Principal, tags: readonly ResourceTag[]): RequestPrincipal {
  const { kind, accountId, arn, userId, identityArn } = principal;
  const account = { accountId, arn, userId };
  const tagged = { ...account, ...(tags.length > 0 && { tags: tagRecord(tags) }) };
  switch (kind) {
    case "root":
    case "open":
      return { kind: "root", ...account };
    case "user":
      return { kind: "user", ...tagged };
    case "role":
      return arn === identityArn
        ? { kind: "role", ...tagged }
        : { kind: "assumedRole", ...tagged, roleArn: identityArn };
    case "anonymous":
      return { kind: "anonymous" };
  }
}

/** Keys of tags differ by more than case; a policy that asks for one does not care, so the later spelling counts. */
function tagRecord(tags: readonly ResourceTag[]): Readonly<Record<string, string>> {
  const byKey = new Map(tags.map(({ key, value }) => [key.toLowerCase(), [key, value] as const]));
  return Object.fromEntries(byKey.values());
}
