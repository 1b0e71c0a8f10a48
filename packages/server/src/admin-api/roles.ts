import { identityArn, type Identities, type IdentityName, type PageTokens } from "@stowage/registry";
import { policiesAnswer, roleAnswer } from "./answers.ts";
import { identityChanges } from "./changes.ts";
import { arnOf } from "./identity-arns.ts";
import type { AdminCall, OperationsNamed } from "./operation.ts";
import { readPage } from "./paging.ts";

interface Parts {
  readonly identities: Identities;
  readonly pageTokens: PageTokens;
}

export function roleOperations({
  identities,
  pageTokens,
}: Parts): OperationsNamed<"CreateRole" | "DeleteRole" | "GetRole" | "ListRoles" | "UpdateRole"> {
  const named = ({ roleName }: { readonly roleName: string }, { account }: AdminCall): IdentityName => {
    return { account, kind: "role", name: roleName };
  };
  const resource = (input: { readonly roleName: string }, call: AdminCall): Promise<string> => {
    return arnOf(identities, named(input, call));
  };
  return {
    CreateRole: {
      resource: (input, call) => identityArn(named(input, call), input.path),
      async perform(input, call) {
        const { identity, findings } = await identities.create(named(input, call), identityChanges(input));
        return { role: roleAnswer(identity), findings };
      },
    },
    GetRole: {
      resource,
      async perform(input, call) {
        const detail = await identities.describe(named(input, call));
        return { role: roleAnswer(detail.identity), ...policiesAnswer(detail) };
      },
    },
    ListRoles: {
      resource: () => "*",
      async perform(input, call) {
        const { items, ...page } = await readPage(pageTokens, { operation: "ListRoles", input, call }, (wanted) =>
          identities.list(call.account, "role", wanted),
        );
        return { roles: items.map(roleAnswer), ...page };
      },
    },
    UpdateRole: {
      resource,
      async perform(input, call) {
        const { identity, findings } = await identities.update(named(input, call), identityChanges(input));
        return { role: roleAnswer(identity), findings };
      },
    },
    DeleteRole: {
      resource,
      async perform(input, call) {
        await identities.delete(named(input, call), { force: input.force ?? false });
        return {};
      },
    },
  };
}
