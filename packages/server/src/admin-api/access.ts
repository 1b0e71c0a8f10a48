import { InvalidParameterException } from "@stowage/model";
import type { Action, Authoriser, Principals, Revocations, Revoked } from "@stowage/registry";
import type { OperationsNamed } from "./operation.ts";

interface Parts {
  readonly access: Authoriser;
  readonly principals: Principals;
  readonly revocations: Revocations;
}

const ACTION = /^(?:ecr|sts|stowage):/;

export function accessOperations({
  access,
  principals,
  revocations,
}: Parts): OperationsNamed<"ExplainAccess" | "Revoke"> {
  return {
    ExplainAccess: {
      resource: ({ principalArn }) => principalArn,
      async perform({ principalArn, action, resource, region, sourceIp }, call) {
        if (!isAction(action)) throw new InvalidParameterException("Actions are of ecr, sts or stowage.");
        const context = {
          requestedRegion: region ?? call.region,
          ...(sourceIp !== undefined && { sourceIp }),
        };
        const principal = await principals.find(call.account, principalArn);
        return access.explain({ principal, action, resource, context });
      },
    },
    Revoke: {
      async resource(input, { account }) {
        const revoked = revokedBy(input);
        if ("principalArn" in revoked) return revoked.principalArn;
        if ("token" in revoked) return "*";
        return (await revocations.ownerOf(account, revoked.accessKeyId)) ?? "*";
      },
      async perform(input, { account }) {
        const { before } = await revocations.revoke(account, revokedBy(input));
        return { revokedBefore: before };
      },
    },
  };
}

function isAction(text: string): text is Action {
  return ACTION.test(text);
}

/** @throws InvalidParameterException not exactly one thing is given */
function revokedBy(input: {
  readonly principalArn?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly token?: string | undefined;
}): Revoked {
  const { principalArn, accessKeyId, token } = input;
  const given: Revoked[] = [];
  if (principalArn !== undefined) given.push({ principalArn });
  if (accessKeyId !== undefined) given.push({ accessKeyId });
  if (token !== undefined) given.push({ token });
  const [only, ...others] = given;
  if (only !== undefined && others.length === 0) return only;
  throw new InvalidParameterException("Exactly one of principalArn, accessKeyId and token must be given.");
}
