import type { OperationName } from "@stowage/model";
import { presign as presignQuery } from "@stowage/sigv4";
import type { EcrConnection } from "./connection.ts";

/** A request that anyone may send as it stands until it expires. */
export interface PresignedRequest {
  readonly method: "POST";
  readonly url: string;
  /** To be sent as they are: the signature covers them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PresignOptions {
  /** Life from now on: 1 second to 7 days, 900 unless given. Temporary credentials end it sooner. */
  readonly expiresSeconds?: number | undefined;
}

const DEFAULT_EXPIRES_SECONDS = 900;

/**
 * Signs a call, named either way, for somebody else to make. Nothing is sent.
 * @throws RangeError the life is no whole number of seconds from 1 to 604800
 */
export async function presign(
  connection: EcrConnection,
  operation: OperationName | Uncapitalize<OperationName>,
  { input, expiresSeconds = DEFAULT_EXPIRES_SECONDS }: PresignOptions & { readonly input: unknown },
): Promise<PresignedRequest> {
  const { request, signing } = await connection.prepare(wireName(operation), input);
  const query = presignQuery({ ...signing, expiresSeconds });
  const body = new TextDecoder().decode(request.body);
  return { method: "POST", url: `${request.url}?${query}`, headers: request.headers, body };
}

function wireName(operation: OperationName | Uncapitalize<OperationName>): OperationName {
  // Names differ in the case of the first letter alone.
  return (operation.charAt(0).toUpperCase() + operation.slice(1)) as OperationName;
}
