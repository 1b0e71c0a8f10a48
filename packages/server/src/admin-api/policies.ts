import {
  awsManagedPolicies,
  findAwsManagedPolicy,
  findingsOf,
  policyArn,
  type Identities,
  type IdentityPermissions,
  type ManagedPolicies,
} from "@stowage/registry";
import { awsPolicyAnswer, policyAnswer, storedPolicyAnswer } from "./answers.ts";
import { arnOf, identityNamed, type NamedIdentity } from "./identity-arns.ts";
import type { AdminCall, OperationsNamed } from "./operation.ts";

interface Parts {
  readonly identities: Identities;
  readonly permissions: IdentityPermissions;
  readonly managedPolicies: ManagedPolicies;
}

type ManagedPolicyOperations = OperationsNamed<
  "CreatePolicy" | "DeletePolicy" | "GetPolicy" | "ListPolicies" | "UpdatePolicy" | "ValidatePolicy"
>;

export function policyOperations({ managedPolicies }: Pick<Parts, "managedPolicies">): ManagedPolicyOperations {
  const resource = (input: { readonly policyArn: string }): string => input.policyArn;
  return {
    CreatePolicy: {
      resource: ({ policyName, path }, { account }) => policyArn(account, policyName, path),
      async perform({ policyName, path, policyDocument }, { account }) {
        const given = { name: policyName, ...(path !== undefined && { path }), document: policyDocument };
        return storedPolicyAnswer(await managedPolicies.create(account, given));
      },
    },
    GetPolicy: {
      // AWS's policies are everyone's to read who may read policies at all.
      resource: (input) => (findAwsManagedPolicy(input.policyArn) === undefined ? input.policyArn : "*"),
      async perform(input, { account }) {
        const known = findAwsManagedPolicy(input.policyArn);
        const usedBy = await managedPolicies.users(account, input.policyArn);
        if (known !== undefined) return { policy: awsPolicyAnswer(known), policyDocument: known.text, usedBy };
        const row = await managedPolicies.find(account, input.policyArn);
        return { policy: policyAnswer(row), policyDocument: row.text, usedBy };
      },
    },
    ListPolicies: {
      resource: () => "*",
      async perform({ scope = "All" }, { account }) {
        const aws = scope === "Local" ? [] : awsManagedPolicies.map(awsPolicyAnswer);
        const own = scope === "AWS" ? [] : (await managedPolicies.list(account)).map(policyAnswer);
        return { policies: [...aws, ...own] };
      },
    },
    UpdatePolicy: {
      resource,
      async perform(input, { account }) {
        return storedPolicyAnswer(await managedPolicies.update(account, input.policyArn, input.policyDocument));
      },
    },
    DeletePolicy: {
      resource,
      async perform(input, { account }) {
        await managedPolicies.delete(account, input.policyArn);
        return {};
      },
    },
    ValidatePolicy: {
      resource: () => "*",
      perform: ({ policyDocument, policyType }) => ({ findings: findingsOf(policyDocument, policyType) }),
    },
  };
}

type PermissionOperations = OperationsNamed<"AttachPolicy" | "DeleteInlinePolicy" | "DetachPolicy" | "PutInlinePolicy">;

export function permissionOperations({
  identities,
  permissions,
}: Pick<Parts, "identities" | "permissions">): PermissionOperations {
  const resource = (input: NamedIdentity, call: AdminCall): Promise<string> => {
    return arnOf(identities, identityNamed(input, call));
  };
  return {
    AttachPolicy: {
      resource,
      async perform(input, call) {
        await permissions.attachPolicy(identityNamed(input, call), input.policyArn);
        return {};
      },
    },
    DetachPolicy: {
      resource,
      async perform(input, call) {
        await permissions.detachPolicy(identityNamed(input, call), input.policyArn);
        return {};
      },
    },
    PutInlinePolicy: {
      resource,
      async perform(input, call) {
        const { policyName: name, policyDocument: text } = input;
        return { findings: await permissions.putInlinePolicy(identityNamed(input, call), { name, text }) };
      },
    },
    DeleteInlinePolicy: {
      resource,
      async perform(input, call) {
        await permissions.deleteInlinePolicy(identityNamed(input, call), input.policyName);
        return {};
      },
    },
  };
}
