/** What a file says an account has. A section that the file lacks is undefined: nothing is said of its identities. */
export interface DeclaredAccount {
  readonly policies?: ReadonlyMap<string, DeclaredPolicy>;
  readonly groups?: ReadonlyMap<string, DeclaredGroup>;
  readonly users?: ReadonlyMap<string, DeclaredUser>;
  readonly roles?: ReadonlyMap<string, DeclaredRole>;
}

export interface DeclaredPolicy {
  /** As it is, or at the top, unless given. */
  readonly path?: string;
  readonly document: Document;
}

/** What users, groups and roles have in common. What the file does not name they do not have. */
interface DeclaredIdentity {
  readonly path?: string;
  /** Managed policies, by name or ARN. */
  readonly policies: readonly string[];
  readonly inlinePolicies: ReadonlyMap<string, Document>;
}

export type DeclaredGroup = DeclaredIdentity;

interface Tagged extends DeclaredIdentity {
  readonly tags: ReadonlyMap<string, string>;
  /** A managed policy, by name or ARN. */
  readonly permissionsBoundary?: string;
}

export interface DeclaredUser extends Tagged {
  readonly groups: readonly string[];
}

export interface DeclaredRole extends Tagged {
  readonly trustPolicy: Document;
  readonly maxSessionDuration: number;
}

/** A policy document as a value and as the text that is stored. */
export interface Document {
  readonly value: unknown;
  readonly text: string;
}

/** A whole file. */
export interface Declared {
  /** Of the account that the command is for. */
  readonly own: DeclaredAccount;
  /** Of further accounts, by id. */
  readonly accounts: ReadonlyMap<string, DeclaredAccount>;
}
