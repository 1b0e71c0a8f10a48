import { type AdminOperationName, type AdminOperations, type RegistryId } from "@stowage/model";
import type { Principal } from "@stowage/registry";

/** Who calls an operation of the administration, and where. */
export interface AdminCall {
  /** The caller's own account. */
  readonly account: RegistryId;
  readonly principal: Principal;
  readonly region: string;
}

/** One operation: what its caller must be authorised for, and what it does. */
export interface AdminOperation<N extends AdminOperationName> {
  /** ARN of what is acted on, or `*`. */
  readonly resource: (input: AdminOperations[N]["input"], call: AdminCall) => string | Promise<string>;
  readonly perform: (
    input: AdminOperations[N]["input"],
    call: AdminCall,
  ) => AdminOperations[N]["output"] | Promise<AdminOperations[N]["output"]>;
}

export type AdminOperationSet = { readonly [N in AdminOperationName]: AdminOperation<N> };

/** The operations of one noun. */
export type OperationsNamed<N extends AdminOperationName> = Pick<AdminOperationSet, N>;
