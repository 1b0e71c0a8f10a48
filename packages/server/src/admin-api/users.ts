import { identityArn, type Identities, type IdentityName, type PageTokens } from "@stowage/registry";
import { policiesAnswer, userAnswer } from "./answers.ts";
import { identityChanges } from "./changes.ts";
import { arnOf } from "./identity-arns.ts";
import type { AdminCall, OperationsNamed } from "./operation.ts";
import { readPage } from "./paging.ts";

interface Parts {
  readonly identities: Identities;
  readonly pageTokens: PageTokens;
}

export function userOperations({
  identities,
  pageTokens,
}: Parts): OperationsNamed<"CreateUser" | "DeleteUser" | "GetUser" | "ListUsers" | "UpdateUser"> {
  const named = ({ userName }: { readonly userName: string }, { account }: AdminCall): IdentityName => {
    return { account, kind: "user", name: userName };
  };
  const resource = (input: { readonly userName: string }, call: AdminCall): Promise<string> => {
    return arnOf(identities, named(input, call));
  };
  return {
    CreateUser: {
      resource: (input, call) => identityArn(named(input, call), input.path),
      async perform(input, call) {
        const { identity } = await identities.create(named(input, call), identityChanges(input));
        return { user: userAnswer(identity) };
      },
    },
    GetUser: {
      resource,
      async perform(input, call) {
        const detail = await identities.describe(named(input, call));
        const groupNames = detail.groups.map(({ name }) => name);
        return { user: userAnswer(detail.identity), groupNames, ...policiesAnswer(detail) };
      },
    },
    ListUsers: {
      resource: () => "*",
      async perform(input, call) {
        const { items, ...page } = await readPage(pageTokens, { operation: "ListUsers", input, call }, (wanted) =>
          identities.list(call.account, "user", wanted),
        );
        return { users: items.map(userAnswer), ...page };
      },
    },
    UpdateUser: {
      resource,
      async perform(input, call) {
        const { identity } = await identities.update(named(input, call), identityChanges(input));
        return { user: userAnswer(identity) };
      },
    },
    DeleteUser: {
      resource,
      async perform(input, call) {
        await identities.delete(named(input, call), { force: input.force ?? false });
        return {};
      },
    },
  };
}
