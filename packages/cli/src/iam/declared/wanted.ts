import type { AccountState, IdentityKind, IdentityState } from "./account-state.ts";
import { lower } from "./account-state.ts";
import type { DeclaredAccount, DeclaredGroup, DeclaredRole, DeclaredUser } from "./declared.ts";

const TOP = "/";

export interface Surroundings {
  readonly declared: DeclaredAccount;
  readonly state: AccountState;
  /** What the file gets wrong in view of the account. */
  readonly faults: string[];
}

/** The identities that the file wants, with the ARNs of what they name, or its name where that is still to be made. */
export function wantedIdentities(around: Surroundings): readonly IdentityState[] {
  const { declared } = around;
  return [
    ...[...(declared.groups ?? [])].map(([name, group]) => common(around, "group", { name, of: group })),
    ...[...(declared.users ?? [])].map(([name, user]) => ({
      ...common(around, "user", { name, of: user }),
      ...tagged(around, `users.${name}`, user),
      groups: groupsOf(around, name, user),
    })),
    ...[...(declared.roles ?? [])].map(([name, role]) => ({
      ...common(around, "role", { name, of: role }),
      ...tagged(around, `roles.${name}`, role),
      trust: { text: role.trustPolicy.text, maxSessionDuration: role.maxSessionDuration },
    })),
  ];
}

function common(
  around: Surroundings,
  kind: IdentityKind,
  { name, of }: { readonly name: string; readonly of: DeclaredGroup },
): IdentityState {
  const at = `${kind}s.${name}`;
  const before = around.state.identities[kind].get(lower(name));
  if (before !== undefined && of.path !== undefined && of.path !== before.path) {
    around.faults.push(`${at}.path: it stands in ${before.path} and cannot move; delete it first.`);
  }
  return {
    kind,
    name: before?.name ?? name,
    path: before?.path ?? of.path ?? TOP,
    tags: new Map(),
    groups: [],
    attached: of.policies.map((policy) => policyOf(around, `${at}.policies`, policy)),
    inline: new Map([...of.inlinePolicies].map(([policy, { text }]) => [policy, text])),
  };
}

function tagged(
  around: Surroundings,
  at: string,
  { tags, permissionsBoundary }: DeclaredUser | DeclaredRole,
): Pick<IdentityState, "tags" | "boundary"> {
  if (permissionsBoundary === undefined) return { tags };
  return { tags, boundary: policyOf(around, `${at}.permissionsBoundary`, permissionsBoundary) };
}

function groupsOf({ declared, state, faults }: Surroundings, userName: string, user: DeclaredUser): readonly string[] {
  const coming = new Map([...(declared.groups?.keys() ?? [])].map((name) => [lower(name), name]));
  return user.groups.map((group) => {
    const found = state.names.group.get(lower(group)) ?? coming.get(lower(group));
    if (found === undefined) faults.push(`users.${userName}.groups: there is no group ${group}.`);
    return found ?? group;
  });
}

/** A policy of the account, of the file or of AWS, in this order. */
function policyOf({ declared, state, faults }: Surroundings, at: string, text: string): string {
  if (text.startsWith("arn:")) return text;
  const known = state.policies.get(lower(text));
  if (known !== undefined && !known.isAwsManaged) return known.policyArn;
  const coming = [...(declared.policies?.keys() ?? [])].find((name) => lower(name) === lower(text));
  if (coming !== undefined) return coming;
  if (known === undefined) faults.push(`${at}: there is no policy ${text}.`);
  return known?.policyArn ?? text;
}
