import type { OperationEntry } from "../../table/table.ts";

/** What the administration door offers, with the errors each may answer. */
export const operations: Readonly<Record<string, OperationEntry>> = {
  CreateAccessKey: {
    input: "CreateAccessKeyRequest",
    output: "CreateAccessKeyResponse",
    errors: ["InvalidParameterException", "LimitExceededException", "ServerException"],
  },
  DeleteAccessKey: {
    input: "DeleteAccessKeyRequest",
    output: "DeleteAccessKeyResponse",
    errors: ["AccessKeyNotFoundException", "InvalidParameterException", "LimitExceededException", "ServerException"],
  },
  GetStatus: {
    input: "GetStatusRequest",
    output: "GetStatusResponse",
    errors: ["ServerException"],
  },
  ListAccessKeys: {
    input: "ListAccessKeysRequest",
    output: "ListAccessKeysResponse",
    errors: ["ServerException"],
  },
  UpdateAccessKey: {
    input: "UpdateAccessKeyRequest",
    output: "UpdateAccessKeyResponse",
    errors: ["AccessKeyNotFoundException", "InvalidParameterException", "LimitExceededException", "ServerException"],
  },
};
