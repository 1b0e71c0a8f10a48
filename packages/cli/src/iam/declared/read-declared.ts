import { isRegistryId } from "@stowage/model";
import { UsageError } from "../../exit-codes.ts";
import type {
  Declared,
  DeclaredAccount,
  DeclaredGroup,
  DeclaredPolicy,
  DeclaredRole,
  DeclaredUser,
  Document,
} from "./declared.ts";
import { Reader } from "./reader.ts";

const DEFAULT_SESSION_SECONDS = 3600;
const SECTIONS = ["policies", "groups", "users", "roles"] as const;
const IDENTITY = ["path", "policies", "inlinePolicies"] as const;
const TAGGED = [...IDENTITY, "tags", "permissionsBoundary"] as const;

/**
 * Reads a declarative file, YAML or JSON.
 * @throws UsageError with all that is wrong and where
 */
export async function readDeclared(text: string): Promise<Declared> {
  const { parse } = await import("yaml");
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new UsageError(`The file is neither YAML nor JSON: ${error instanceof Error ? error.message : ""}`);
  }
  const faults: string[] = [];
  const root = new Reader(value, "", faults).known([...SECTIONS, "accounts"]);
  const accounts = new Map<string, DeclaredAccount>();
  for (const [id, reader] of root.accounts?.members() ?? []) {
    if (!isRegistryId(id)) reader.fault("an account has 12 digits; put them in quotes.");
    accounts.set(id, accountOf(reader.known(SECTIONS)));
  }
  const declared = { own: accountOf(root), accounts };
  if (faults.length > 0) throw new UsageError(faults.join("\n"));
  return declared;
}

function accountOf(readers: { readonly [N in (typeof SECTIONS)[number]]?: Reader }): DeclaredAccount {
  const { policies, groups, users, roles } = readers;
  return {
    ...(policies !== undefined && { policies: mapOf(policies, policyOf) }),
    ...(groups !== undefined && { groups: mapOf(groups, groupOf) }),
    ...(users !== undefined && { users: mapOf(users, userOf) }),
    ...(roles !== undefined && { roles: mapOf(roles, roleOf) }),
  };
}

function mapOf<T>(reader: Reader, read: (member: Reader) => T): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  const names = new Set<string>();
  for (const [name, member] of reader.members()) {
    if (names.has(name.toLowerCase())) member.fault("another one has this name but for case.");
    names.add(name.toLowerCase());
    found.set(name, read(member));
  }
  return found;
}

function policyOf(reader: Reader): DeclaredPolicy {
  const { path, document } = reader.known(["path", "document"]);
  if (document === undefined) reader.fault("lacks its document.");
  return { ...pathOf(path), document: document?.document() ?? { value: undefined, text: "" } };
}

function groupOf(reader: Reader): DeclaredGroup {
  return identityOf(reader.known(IDENTITY));
}

function userOf(reader: Reader): DeclaredUser {
  const members = reader.known([...TAGGED, "groups"]);
  return { ...identityOf(members), ...taggedOf(members), groups: members.groups?.texts() ?? [] };
}

function roleOf(reader: Reader): DeclaredRole {
  const members = reader.known([...TAGGED, "trustPolicy", "maxSessionDuration"]);
  const { trustPolicy, maxSessionDuration } = members;
  if (trustPolicy === undefined) reader.fault("lacks its trustPolicy.");
  return {
    ...identityOf(members),
    ...taggedOf(members),
    trustPolicy: trustPolicy?.document() ?? { value: undefined, text: "" },
    maxSessionDuration: maxSessionDuration?.wholeNumber() ?? DEFAULT_SESSION_SECONDS,
  };
}

function identityOf(readers: { readonly [N in (typeof IDENTITY)[number]]?: Reader }): DeclaredGroup {
  const { path, policies, inlinePolicies } = readers;
  const inline: ReadonlyMap<string, Document> =
    inlinePolicies === undefined ? new Map() : mapOf(inlinePolicies, (member) => member.document());
  return { ...pathOf(path), policies: policies?.texts() ?? [], inlinePolicies: inline };
}

function taggedOf({
  tags,
  permissionsBoundary,
}: {
  readonly tags?: Reader;
  readonly permissionsBoundary?: Reader;
}): Pick<DeclaredUser, "tags" | "permissionsBoundary"> {
  return {
    tags: tags === undefined ? new Map() : mapOf(tags, (member) => member.text()),
    ...(permissionsBoundary !== undefined && { permissionsBoundary: permissionsBoundary.text() }),
  };
}

function pathOf(path: Reader | undefined): { readonly path?: string } {
  return path === undefined ? {} : { path: path.text() };
}
