import type { AccessReads, Principal, RevocationRow } from "@stowage/registry";

/** Credentials as revocations name them. */
export interface Issued {
  readonly principal: Principal;
  readonly issuedAt: Date;
  /** Of a registry token, the SHA-256 of its password in hexadecimal. */
  readonly tokenHash?: string;
}

/** Whether credentials that expire were taken back after they were given out: by their principal, their key, or themselves. */
export async function isRevoked(
  access: Pick<AccessReads, "revocations">,
  { principal, issuedAt, tokenHash }: Issued,
): Promise<boolean> {
  const { arn, identityArn, accessKeyId } = principal;
  const kinds = new Map<string, RevocationRow["kind"]>([
    [arn, "principal"],
    [identityArn, "principal"],
  ]);
  if (accessKeyId !== undefined) kinds.set(accessKeyId, "accessKey");
  if (tokenHash !== undefined) kinds.set(tokenHash, "token");
  const revocations = await access.revocations([...kinds.keys()]);
  return revocations.some(
    ({ kind, subject, before }) => kinds.get(subject) === kind && issuedAt.getTime() < before.getTime(),
  );
}
