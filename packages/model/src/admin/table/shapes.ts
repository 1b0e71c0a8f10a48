import type { Shape } from "../../table/table.ts";

/** Every shape of the administration door. A `!` marks a member that must be given or is always answered. */
export const shapes: Readonly<Record<string, Shape>> = {
  AccessKeyId: "string",
  AccessKeyStatus: "string",
  AccountId: "string",
  Count: "long",
  DataDirectory: "string",
  Endpoint: "string",
  Region: "string",
  SecretAccessKey: "string",
  SizeBytes: "long",
  Timestamp: "timestamp",
  Version: "string",
  AccessKeyList: { list: "AccessKey" },
  AccessKey: {
    structure: {
      accessKeyId: "AccessKeyId!",
      status: "AccessKeyStatus!",
      createdAt: "Timestamp!",
      lastUsedAt: "Timestamp",
    },
  },
  StatusCounts: {
    structure: {
      registries: "Count!",
      repositories: "Count!",
      images: "Count!",
      blobs: "Count!",
      blobBytes: "SizeBytes!",
      openUploads: "Count!",
    },
  },
  CreateAccessKeyRequest: {
    structure: {},
  },
  CreateAccessKeyResponse: {
    structure: {
      accessKeyId: "AccessKeyId!",
      secretAccessKey: "SecretAccessKey!",
      status: "AccessKeyStatus!",
      createdAt: "Timestamp!",
    },
  },
  DeleteAccessKeyRequest: {
    structure: {
      accessKeyId: "AccessKeyId!",
    },
  },
  DeleteAccessKeyResponse: {
    structure: {},
  },
  GetStatusRequest: {
    structure: {},
  },
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
  ListAccessKeysRequest: {
    structure: {},
  },
  ListAccessKeysResponse: {
    structure: {
      accessKeys: "AccessKeyList!",
    },
  },
  UpdateAccessKeyRequest: {
    structure: {
      accessKeyId: "AccessKeyId!",
      status: "AccessKeyStatus!",
    },
  },
  UpdateAccessKeyResponse: {
    structure: {},
  },
};
