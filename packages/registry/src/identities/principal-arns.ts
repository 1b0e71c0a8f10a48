import { isRegistryId, type RegistryId } from "@stowage/model";

/** Whom an ARN names. */
export type PrincipalArn =
  | { readonly kind: "root"; readonly account: RegistryId }
  | { readonly kind: "user" | "role"; readonly account: RegistryId }
  | { readonly kind: "session"; readonly account: RegistryId; readonly roleName: string; readonly sessionName: string };

const IAM = /^arn:aws:iam::([0-9]{12}):(?:(root)|(user|role)\/[\x21-\x7e]+)$/;
const SESSION = /^arn:aws:sts::([0-9]{12}):assumed-role\/([\w+=,.@-]{1,64})\/([\w+=,.@-]{2,64})$/;

/** Takes the ARN of an account's root, a user, a role or a role's session apart; undefined for any other text. */
export function parsePrincipalArn(text: string): PrincipalArn | undefined {
  const [, account = "", root, kind] = IAM.exec(text) ?? [];
  if (isRegistryId(account)) {
    if (root !== undefined) return { kind: "root", account };
    return { kind: kind === "user" ? "user" : "role", account };
  }
  const [, owner = "", roleName = "", sessionName = ""] = SESSION.exec(text) ?? [];
  return isRegistryId(owner) ? { kind: "session", account: owner, roleName, sessionName } : undefined;
}
