import { adminValidator, type AdminOperationName, type AdminOperations } from "@stowage/model";
import type { AccessContext, Administration, Authoriser, Metadata, ResourceTag } from "@stowage/registry";
import type { AccessKeys } from "../auth/access-keys.ts";
import { accessKeyOperations } from "./access-keys.ts";
import { accessOperations } from "./access.ts";
import { accountOperations } from "./accounts.ts";
import { groupOperations } from "./groups.ts";
import type { Installation } from "./installation.ts";
import type { AdminCall, AdminOperationSet } from "./operation.ts";
import { permissionOperations, policyOperations } from "./policies.ts";
import { roleOperations } from "./roles.ts";
import { userOperations } from "./users.ts";

export interface AdminParts {
  readonly administration: Administration;
  readonly keys: AccessKeys;
  readonly metadata: Pick<Metadata, "accounts" | "totals">;
  readonly installation: () => Installation;
}

/** The administration's operations, served by the door and, without a server, in the command's own process. */
export function adminOperations({ administration, keys, metadata, installation }: AdminParts): AdminOperationSet {
  const { identities } = administration;
  return {
    ...accountOperations({ keys, metadata, installation }),
    ...accessKeyOperations({ keys, identities }),
    ...userOperations(administration),
    ...groupOperations(administration),
    ...roleOperations(administration),
    ...policyOperations(administration),
    ...permissionOperations(administration),
    ...accessOperations(administration),
  };
}

export interface AdminRequest<N extends AdminOperationName> {
  readonly input: AdminOperations[N]["input"] & { readonly tags?: readonly ResourceTag[] | undefined };
  readonly call: AdminCall;
  readonly context: AccessContext;
}

/**
 * Validates, authorises and performs one operation.
 * @throws InvalidParameterException @throws AccessDeniedException and what the operation throws
 */
export async function performAdmin<N extends AdminOperationName>(
  { operations, access }: { readonly operations: AdminOperationSet; readonly access: Authoriser },
  operation: N,
  { input, call, context }: AdminRequest<N>,
): Promise<AdminOperations[N]["output"]> {
  adminValidator.assertValid(operation, input);
  const { resource, perform } = operations[operation];
  await access.authorise({
    principal: call.principal,
    action: `stowage:${operation}`,
    resource: await resource(input, call),
    context: { ...context, ...(input.tags !== undefined && { requestTags: input.tags }) },
  });
  return perform(input, call);
}
