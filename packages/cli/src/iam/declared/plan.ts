import type { Change, NewDocument, Step } from "./change.ts";
import { lower, type AccountState, type IdentityKind } from "./account-state.ts";
import type { DeclaredAccount } from "./declared.ts";
import { diffDocuments, isSameDocument } from "./document-diff.ts";
import { grammarFaults } from "./grammar.ts";
import { createIdentity, deleteIdentity, identityDetails, updateIdentity } from "./plan-identity.ts";
import { wantedIdentities, type Surroundings } from "./wanted.ts";

export interface Plan {
  readonly changes: readonly Change[];
  readonly documents: readonly NewDocument[];
  readonly faults: readonly string[];
}

/** Compares the file with an account. @param prune also remove what the file's sections do not name */
export function planAccount(
  declared: DeclaredAccount,
  { state, prune }: { readonly state: AccountState; readonly prune: boolean },
): Plan {
  const around: Surroundings = { declared, state, faults: [...grammarFaults(declared)] };
  const documents: NewDocument[] = [];
  const changes = [
    ...policyChanges(around, documents),
    ...wantedIdentities(around).flatMap((wanted): Change[] => {
      const before = state.identities[wanted.kind].get(lower(wanted.name));
      const details = identityDetails(before, wanted, documents);
      const subject = `${wanted.kind} ${wanted.name}`;
      if (before === undefined) {
        return [{ sign: "+", subject, details, steps: createIdentity(wanted) }];
      }
      return details.length === 0 ? [] : [{ sign: "~", subject, details, steps: updateIdentity(before, wanted) }];
    }),
    ...(prune ? removals(around) : []),
  ];
  return { changes, documents, faults: around.faults };
}

function policyChanges({ declared, state, faults }: Surroundings, documents: NewDocument[]): readonly Change[] {
  return [...(declared.policies ?? [])].flatMap(([name, { path, document }]): Change[] => {
    const at = `policies.${name}`;
    const subject = `policy ${name}`;
    const policyDocument = document.text;
    const known = state.policies.get(lower(name));
    const before = state.documents.get(lower(name));
    if (known === undefined || before === undefined) {
      documents.push({ at, text: policyDocument, type: "identity" });
      const input = { policyName: name, policyDocument, ...(path !== undefined && { path }) };
      const run: Step["run"] = (administration) => administration.createPolicy(input);
      return [{ sign: "+", subject, details: [], steps: [{ phase: "policies", run }] }];
    }
    const { policyArn, path: there } = known;
    if (path !== undefined && path !== there) {
      faults.push(`${at}.path: it stands in ${there} and cannot move; delete it first.`);
    }
    if (isSameDocument(before, policyDocument)) return [];
    documents.push({ at, text: policyDocument, type: "identity" });
    const lines = diffDocuments(before, policyDocument);
    const run: Step["run"] = (administration) => administration.updatePolicy({ policyArn, policyDocument });
    return [
      { sign: "~", subject, details: [{ sign: "~", what: "document", lines }], steps: [{ phase: "policies", run }] },
    ];
  });
}

/** Only of sections that the file has: what it says nothing of stays. */
function removals({ declared, state }: Surroundings): readonly Change[] {
  const sections = { group: declared.groups, user: declared.users, role: declared.roles };
  const kinds: readonly IdentityKind[] = ["group", "user", "role"];
  const identities = kinds.flatMap((kind) =>
    unnamed(sections[kind], state.names[kind]).map((name): Change => {
      return { sign: "-", subject: `${kind} ${name}`, details: [], steps: [deleteIdentity(kind, name)] };
    }),
  );
  const own = [...state.policies.values()].filter(({ isAwsManaged }) => !isAwsManaged);
  const named = new Map(own.map((policy) => [lower(policy.policyName), policy.policyName]));
  const policies = unnamed(declared.policies, named).map((name): Change => {
    const policyArn = state.policies.get(lower(name))?.policyArn ?? "";
    const run: Step["run"] = (administration) => administration.deletePolicy({ policyArn });
    return { sign: "-", subject: `policy ${name}`, details: [], steps: [{ phase: "deletingPolicies", run }] };
  });
  return [...identities, ...policies];
}

function unnamed(
  section: ReadonlyMap<string, unknown> | undefined,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  if (section === undefined) return [];
  const declared = new Set([...section.keys()].map(lower));
  return [...names].filter(([key]) => !declared.has(key)).map(([, name]) => name);
}
