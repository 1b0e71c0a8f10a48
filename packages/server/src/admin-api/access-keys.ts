import { InvalidParameterException } from "@stowage/model";
import type { Identities } from "@stowage/registry";
import { rootOwner, type AccessKeys, type KeyOwner } from "../auth/access-keys.ts";
import { arnOf } from "./identity-arns.ts";
import type { AdminCall, OperationsNamed } from "./operation.ts";

interface Parts {
  readonly keys: AccessKeys;
  readonly identities: Identities;
}

type AccessKeyOperations = OperationsNamed<
  "CreateAccessKey" | "DeleteAccessKey" | "ListAccessKeys" | "UpdateAccessKey"
>;

interface OfUser {
  readonly userName?: string | undefined;
}

export function accessKeyOperations({ keys, identities }: Parts): AccessKeyOperations {
  const resource = async ({ userName }: OfUser, call: AdminCall): Promise<string> => {
    if (userName === undefined) return callerOwner(call).arn;
    return arnOf(identities, { account: call.account, kind: "user", name: userName });
  };
  /** @throws NoSuchEntityException there is no such user */
  const ownerOf = async ({ userName }: OfUser, call: AdminCall): Promise<KeyOwner> => {
    if (userName === undefined) return callerOwner(call);
    const { account } = call;
    return { account, arn: (await identities.find({ account, kind: "user", name: userName })).arn };
  };
  return {
    CreateAccessKey: {
      resource,
      async perform(input, call) {
        const { accessKeyId, secretAccessKey, status, createdAt } = await keys.create(await ownerOf(input, call));
        return { accessKeyId, secretAccessKey, status, createdAt };
      },
    },
    ListAccessKeys: {
      resource,
      async perform(input, call) {
        return { accessKeys: await keys.list(await ownerOf(input, call)) };
      },
    },
    UpdateAccessKey: {
      resource,
      async perform(input, call) {
        await keys.setStatus(await ownerOf(input, call), input.accessKeyId, input.status);
        return {};
      },
    },
    DeleteAccessKey: {
      resource,
      async perform(input, call) {
        await keys.delete(await ownerOf(input, call), input.accessKeyId);
        return {};
      },
    },
  };
}

/** Whose keys are meant when no user is named. @throws InvalidParameterException a role has none */
function callerOwner({ account, principal }: AdminCall): KeyOwner {
  switch (principal.kind) {
    case "root":
    case "open":
      return rootOwner(account);
    case "user":
      return { account, arn: principal.identityArn };
    case "role":
    case "anonymous":
      throw new InvalidParameterException("Must specify userName when calling with non-User credentials.");
  }
}
