import type { OperationName, Operations } from "@stowage/model";
import type { Call } from "../auth/call.ts";

/** A call whose `registry` is the one that it addresses: the account of `registryId` or of the ARN, else the caller's own. */
export type EcrCall = Call;

/** Turns a valid, authorised input into a call of the registry and the answer into output. */
export type Operation<N extends OperationName> = (
  input: Operations[N]["input"],
  call: EcrCall,
) => Promise<Operations[N]["output"]>;

/** All of them: one that is missing does not compile. */
export type EcrOperations = { readonly [N in OperationName]: Operation<N> };
