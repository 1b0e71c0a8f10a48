import type { Call } from "../auth/call.ts";
import { xmlElement } from "./xml.ts";

/** Tells callers who they are; nobody needs a permission for that. */
export function getCallerIdentity({ principal }: Call): string {
  return (
    xmlElement("Arn", principal.arn) +
    xmlElement("UserId", principal.userId) +
    xmlElement("Account", principal.accountId)
  );
}
