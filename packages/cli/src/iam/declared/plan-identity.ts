import type { IdentityTag } from "@stowage/model";
import { boundaryOf, policyArnOf } from "../policy-names.ts";
import type { IdentityKind, IdentityState } from "./account-state.ts";
import { diffDocuments, isSameDocument } from "./document-diff.ts";
import type { Detail, NewDocument, Step } from "./change.ts";

type Run = Step["run"];

const NO_TRUST: Partial<NonNullable<IdentityState["trust"]>> = {};

/** What differs between an identity as it is and as it is to be; the documents that change are added to `documents`. */
export function identityDetails(
  before: IdentityState | undefined,
  wanted: IdentityState,
  documents: NewDocument[],
): readonly Detail[] {
  const at = `${wanted.kind}s.${wanted.name}`;
  return [
    ...trustDetails(before, wanted, documents),
    ...tagDetails(before?.tags ?? new Map(), wanted.tags),
    ...boundaryDetails(before?.boundary, wanted.boundary),
    ...added(before?.groups, wanted.groups).map((name): Detail => ({ sign: "+", what: `group ${name}` })),
    ...added(wanted.groups, before?.groups ?? []).map((name): Detail => ({ sign: "-", what: `group ${name}` })),
    ...added(before?.attached, wanted.attached).map((arn): Detail => ({ sign: "+", what: `policy ${nameOf(arn)}` })),
    ...added(wanted.attached, before?.attached ?? []).map((arn): Detail => ({
      sign: "-",
      what: `policy ${nameOf(arn)}`,
    })),
    ...[...wanted.inline].flatMap(([name, text]): Detail[] => {
      const old = before?.inline.get(name);
      if (old !== undefined && isSameDocument(old, text)) return [];
      documents.push({ at: `${at}.inlinePolicies.${name}`, text, type: "identity" });
      const what = `inline policy ${name}`;
      return [old === undefined ? { sign: "+", what } : { sign: "~", what, lines: diffDocuments(old, text) }];
    }),
    ...added([...wanted.inline.keys()], [...(before?.inline.keys() ?? [])]).map((name): Detail => ({
      sign: "-",
      what: `inline policy ${name}`,
    })),
  ];
}

export function createIdentity(wanted: IdentityState): readonly Step[] {
  return [{ phase: "identities", run: creation(wanted) }, ...permissionSteps(undefined, wanted)];
}

export function updateIdentity(before: IdentityState, wanted: IdentityState): readonly Step[] {
  const run = isChanged(before, wanted) ? update(wanted) : undefined;
  return [...(run === undefined ? [] : [{ phase: "identities" as const, run }]), ...permissionSteps(before, wanted)];
}

export function deleteIdentity(kind: IdentityKind, name: string): Step {
  const run: Run = (administration) => {
    switch (kind) {
      case "user":
        return administration.deleteUser({ userName: name, force: true });
      case "group":
        return administration.deleteGroup({ groupName: name, force: true });
      case "role":
        return administration.deleteRole({ roleName: name, force: true });
    }
  };
  return { phase: "deleting", run };
}

function trustDetails(
  before: IdentityState | undefined,
  wanted: IdentityState,
  documents: NewDocument[],
): readonly Detail[] {
  const { trust } = wanted;
  if (trust === undefined) return [];
  const old = before?.trust;
  const details: Detail[] = [];
  if (old === undefined || !isSameDocument(old.text, trust.text)) {
    documents.push({ at: `roles.${wanted.name}.trustPolicy`, text: trust.text, type: "trust" });
    if (old !== undefined)
      details.push({ sign: "~", what: "trust policy", lines: diffDocuments(old.text, trust.text) });
  }
  if (old !== undefined && old.maxSessionDuration !== trust.maxSessionDuration) {
    details.push({ sign: "~", what: `longest session: ${old.maxSessionDuration} -> ${trust.maxSessionDuration} s` });
  }
  return details;
}

function tagDetails(before: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): readonly Detail[] {
  const changes = [...wanted].flatMap(([key, value]): Detail[] => {
    const old = before.get(key);
    if (old === undefined) return [{ sign: "+", what: `tag ${key}=${value}` }];
    return old === value ? [] : [{ sign: "~", what: `tag ${key}: ${old} -> ${value}` }];
  });
  const gone = [...before].filter(([key]) => !wanted.has(key));
  return [...changes, ...gone.map(([key, value]): Detail => ({ sign: "-", what: `tag ${key}=${value}` }))];
}

function boundaryDetails(before: string | undefined, wanted: string | undefined): readonly Detail[] {
  if (before === wanted) return [];
  if (before === undefined) return [{ sign: "+", what: `boundary ${nameOf(wanted ?? "")}` }];
  if (wanted === undefined) return [{ sign: "-", what: `boundary ${nameOf(before)}` }];
  return [{ sign: "~", what: `boundary: ${nameOf(before)} -> ${nameOf(wanted)}` }];
}

/** Items that the second list has and the first has not. */
function added(before: readonly string[] = [], after: readonly string[]): readonly string[] {
  return after.filter((item) => !before.includes(item));
}

function nameOf(policyArn: string): string {
  return policyArn.slice(policyArn.lastIndexOf("/") + 1);
}

function isChanged(before: IdentityState, wanted: IdentityState): boolean {
  const trustBefore = before.trust?.text ?? "";
  return (
    tagDetails(before.tags, wanted.tags).length > 0 ||
    before.boundary !== wanted.boundary ||
    before.trust?.maxSessionDuration !== wanted.trust?.maxSessionDuration ||
    !isSameDocument(trustBefore, wanted.trust?.text ?? "")
  );
}

function tagList({ tags }: IdentityState): readonly IdentityTag[] {
  return [...tags].map(([key, value]) => ({ key, value }));
}

function creation(wanted: IdentityState): Run {
  const { kind, name, path, boundary, trust } = wanted;
  return async (administration) => {
    if (kind === "group") return administration.createGroup({ groupName: name, path });
    const settings = { path, tags: tagList(wanted), ...(await boundaryOf(administration, boundary)) };
    if (kind === "user") return administration.createUser({ userName: name, ...settings });
    const { text: trustPolicy = "", maxSessionDuration } = trust ?? NO_TRUST;
    return administration.createRole({ roleName: name, trustPolicy, maxSessionDuration, ...settings });
  };
}

function update(wanted: IdentityState): Run {
  const { kind, name, boundary = "none", trust } = wanted;
  return async (administration) => {
    const settings = { tags: tagList(wanted), ...(await boundaryOf(administration, boundary)) };
    if (kind === "user") return administration.updateUser({ userName: name, ...settings });
    const { text: trustPolicy, maxSessionDuration } = trust ?? NO_TRUST;
    return administration.updateRole({ roleName: name, trustPolicy, maxSessionDuration, ...settings });
  };
}

/** First what goes, so that what comes finds room under the limits. */
function permissionSteps(before: IdentityState | undefined, wanted: IdentityState): readonly Step[] {
  const named = namedBy(wanted);
  const taking: Run[] = [
    ...added(wanted.attached, before?.attached ?? []).map(
      (policyArn): Run =>
        (administration) =>
          administration.detachPolicy({ ...named, policyArn }),
    ),
    ...added([...wanted.inline.keys()], [...(before?.inline.keys() ?? [])]).map(
      (policyName): Run =>
        (administration) =>
          administration.deleteInlinePolicy({ ...named, policyName }),
    ),
    ...added(wanted.groups, before?.groups ?? []).map(
      (groupName): Run =>
        (administration) =>
          administration.removeUserFromGroup({ groupName, userName: wanted.name }),
    ),
  ];
  const giving: Run[] = [
    ...added(before?.attached, wanted.attached).map(
      (policy): Run =>
        async (administration) =>
          administration.attachPolicy({ ...named, policyArn: await policyArnOf(administration, policy) }),
    ),
    ...[...wanted.inline]
      .filter(([name, text]) => !isSameDocument(before?.inline.get(name) ?? "", text))
      .map(
        ([policyName, policyDocument]): Run =>
          (administration) =>
            administration.putInlinePolicy({ ...named, policyName, policyDocument }),
      ),
    ...added(before?.groups, wanted.groups).map(
      (groupName): Run =>
        (administration) =>
          administration.addUserToGroup({ groupName, userName: wanted.name }),
    ),
  ];
  return [
    ...taking.map((run): Step => ({ phase: "taking", run })),
    ...giving.map((run): Step => ({ phase: "giving", run })),
  ];
}

function namedBy({ kind, name }: IdentityState): {
  readonly userName?: string;
  readonly groupName?: string;
  readonly roleName?: string;
} {
  switch (kind) {
    case "user":
      return { userName: name };
    case "group":
      return { groupName: name };
    case "role":
      return { roleName: name };
  }
}
