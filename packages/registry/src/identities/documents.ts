import { parsePolicy, type Finding } from "@stowage/iam";
import { MalformedPolicyDocumentException } from "@stowage/model";

/** Findings that an error tells in full; of the others it tells how many they are. */
const TOLD_FINDINGS = 5;

/** Documents of identities; those of repositories and registries are checked with access. */
export type DocumentKind = "identity" | "trust";

/**
 * @returns advice on a document that is well-formed
 * @throws MalformedPolicyDocumentException with what is wrong and where
 */
export function checkDocument(text: string, kind: DocumentKind): readonly Finding[] {
  const { ok, findings } = parsePolicy(text, kind);
  if (ok) return findings;
  const errors = findings.filter(({ severity }) => severity === "error");
  const told = errors.slice(0, TOLD_FINDINGS).map(sentence);
  if (errors.length > TOLD_FINDINGS) told.push(`And ${errors.length - TOLD_FINDINGS} more.`);
  throw new MalformedPolicyDocumentException(told.join(" "));
}

/** All that is to be said about a document, errors first. */
export function findingsOf(text: string, kind: DocumentKind): readonly Finding[] {
  return parsePolicy(text, kind).findings;
}

function sentence({ path, message, line, column }: Finding): string {
  return `${path === "" ? "The document" : path} (line ${line}, column ${column}): ${message}`;
}
