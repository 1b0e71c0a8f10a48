import type { SessionCredentials } from "../auth/sessions.ts";
import { xmlElement } from "./xml.ts";

export const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** @param result XML of what the action answers */
export function answerXml(action: string, result: string, requestId: string): string {
  return (
    `<${action}Response xmlns="${NAMESPACE}">` +
    `<${action}Result>${result}</${action}Result>` +
    `<ResponseMetadata>${xmlElement("RequestId", requestId)}</ResponseMetadata>` +
    `</${action}Response>\n`
  );
}

export function credentialsXml(credentials: SessionCredentials): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = credentials;
  return (
    `<Credentials>${xmlElement("AccessKeyId", accessKeyId)}${xmlElement("SecretAccessKey", secretAccessKey)}` +
    `${xmlElement("SessionToken", sessionToken)}` +
    `${xmlElement("Expiration", expiresAt.toISOString().replace(/\.\d{3}Z$/, "Z"))}</Credentials>`
  );
}
