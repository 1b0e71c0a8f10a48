import type { Shape } from "../../table/table.ts";

/** What operations on keys, accounts and access as a whole take and answer. */
export const messages: Readonly<Record<string, Shape>> = {
  CreateAccessKeyRequest: { structure: { userName: "UserName" } },
  CreateAccessKeyResponse: {
    structure: {
      accessKeyId: "AccessKeyId!",
      secretAccessKey: "SecretAccessKey!",
      status: "AccessKeyStatus!",
      createdAt: "Timestamp!",
    },
  },
  CreateAccountRequest: { structure: { accountId: "AccountId!" } },
  CreateAccountResponse: { structure: { account: "Account!" } },
  DeleteAccessKeyRequest: { structure: { accessKeyId: "AccessKeyId!", userName: "UserName" } },
  DeleteAccessKeyResponse: { structure: {} },
  ExplainAccessRequest: {
    structure: {
      principalArn: "PrincipalArn!",
      action: "ActionName!",
      resource: "ResourceName!",
      region: "RegionName",
      sourceIp: "IpAddress",
    },
  },
  ExplainAccessResponse: {
    structure: { decision: "AccessDecision!", reason: "Reason!", statements: "ExplainedStatementList!" },
  },
  GetStatusRequest: { structure: {} },
  GetStatusResponse: {
    structure: {
      version: "Version!",
      startedAt: "Timestamp!",
      dataDirectory: "DataDirectory!",
      endpoint: "Endpoint!",
      account: "AccountId!",
      region: "Region!",
      counts: "StatusCounts!",
    },
  },
  ListAccessKeysRequest: { structure: { userName: "UserName" } },
  ListAccessKeysResponse: { structure: { accessKeys: "AccessKeyList!" } },
  ListAccountsRequest: { structure: {} },
  ListAccountsResponse: { structure: { accounts: "AccountList!" } },
  RevokeRequest: { structure: { principalArn: "PrincipalArn", accessKeyId: "AccessKeyId", token: "Token" } },
  RevokeResponse: { structure: { revokedBefore: "Timestamp!" } },
  UpdateAccessKeyRequest: {
    structure: { accessKeyId: "AccessKeyId!", status: "AccessKeyStatus!", userName: "UserName" },
  },
  UpdateAccessKeyResponse: { structure: {} },
};
