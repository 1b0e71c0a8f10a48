import {
  identityArn,
  type Identities,
  type IdentityName,
  type IdentityPermissions,
  type PageTokens,
} from "@stowage/registry";
import { groupAnswer, policiesAnswer } from "./answers.ts";
import { identityChanges } from "./changes.ts";
import { arnOf } from "./identity-arns.ts";
import type { AdminCall, OperationsNamed } from "./operation.ts";
import { readPage } from "./paging.ts";

interface Parts {
  readonly identities: Identities;
  readonly permissions: IdentityPermissions;
  readonly pageTokens: PageTokens;
}

type GroupOperations = OperationsNamed<
  "AddUserToGroup" | "CreateGroup" | "DeleteGroup" | "GetGroup" | "ListGroups" | "RemoveUserFromGroup"
>;

export function groupOperations({ identities, permissions, pageTokens }: Parts): GroupOperations {
  const named = ({ groupName }: { readonly groupName: string }, { account }: AdminCall): IdentityName => {
    return { account, kind: "group", name: groupName };
  };
  const resource = (input: { readonly groupName: string }, call: AdminCall): Promise<string> => {
    return arnOf(identities, named(input, call));
  };
  return {
    CreateGroup: {
      resource: (input, call) => identityArn(named(input, call), input.path),
      async perform(input, call) {
        const { identity } = await identities.create(named(input, call), identityChanges(input));
        return { group: groupAnswer(identity) };
      },
    },
    GetGroup: {
      resource,
      async perform(input, call) {
        const detail = await identities.describe(named(input, call));
        const userNames = detail.members.map(({ name }) => name);
        return { group: groupAnswer(detail.identity), userNames, ...policiesAnswer(detail) };
      },
    },
    ListGroups: {
      resource: () => "*",
      async perform(input, call) {
        const { items, ...page } = await readPage(pageTokens, { operation: "ListGroups", input, call }, (wanted) =>
          identities.list(call.account, "group", wanted),
        );
        return { groups: items.map(groupAnswer), ...page };
      },
    },
    DeleteGroup: {
      resource,
      async perform(input, call) {
        await identities.delete(named(input, call), { force: input.force ?? false });
        return {};
      },
    },
    AddUserToGroup: {
      resource,
      async perform({ groupName, userName }, { account }) {
        await permissions.addMember(account, groupName, userName);
        return {};
      },
    },
    RemoveUserFromGroup: {
      resource,
      async perform({ groupName, userName }, { account }) {
        await permissions.removeMember(account, groupName, userName);
        return {};
      },
    },
  };
}
