import type { AccessContext, Principal, RegistryKey } from "@stowage/registry";

/** A caller who signed with SigV4, or anyone under `--open`. */
export interface Call {
  /** Stands in `x-amzn-RequestId` of the answer and in the log. */
  readonly requestId: string;
  readonly principal: Principal;
  /** The caller's own account in the region of the signature's scope. */
  readonly registry: RegistryKey;
  /** The Host header as sent, `localhost:5100`; the listener's own when it is missing or malformed. */
  readonly host: string;
  /** Whether the listener speaks TLS. */
  readonly secure: boolean;
  readonly access: AccessContext;
  readonly now: Date;
}

/** A caller of `/v2/`: `registry` is the host's where the host is AWS-shaped, else the token's, else the default one. */
export type RegistryCall = Call;
