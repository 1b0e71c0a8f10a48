import type { OperationEntry } from "../../table/table.ts";

/** What the administration door offers, with the errors each may answer. */
export const operations: Readonly<Record<string, OperationEntry>> = {
  AddUserToGroup: {
    input: "AddUserToGroupRequest",
    output: "AddUserToGroupResponse",
    errors: ["InvalidParameterException", "LimitExceededException", "NoSuchEntityException", "ServerException"],
  },
  AttachPolicy: {
    input: "AttachPolicyRequest",
    output: "AttachPolicyResponse",
    errors: ["InvalidParameterException", "LimitExceededException", "NoSuchEntityException", "ServerException"],
  },
  CreateAccessKey: {
    input: "CreateAccessKeyRequest",
    output: "CreateAccessKeyResponse",
    errors: ["InvalidParameterException", "LimitExceededException", "NoSuchEntityException", "ServerException"],
  },
  CreateAccount: {
    input: "CreateAccountRequest",
    output: "CreateAccountResponse",
    errors: ["EntityAlreadyExistsException", "InvalidParameterException", "ServerException"],
  },
  CreateGroup: {
    input: "CreateGroupRequest",
    output: "CreateGroupResponse",
    errors: ["EntityAlreadyExistsException", "InvalidParameterException", "LimitExceededException", "ServerException"],
  },
  CreatePolicy: {
    input: "CreatePolicyRequest",
    output: "CreatePolicyResponse",
    errors: [
      "EntityAlreadyExistsException",
      "InvalidParameterException",
      "LimitExceededException",
      "MalformedPolicyDocumentException",
      "ServerException",
    ],
  },
  CreateRole: {
    input: "CreateRoleRequest",
    output: "CreateRoleResponse",
    errors: [
      "EntityAlreadyExistsException",
      "InvalidParameterException",
      "LimitExceededException",
      "MalformedPolicyDocumentException",
      "NoSuchEntityException",
      "ServerException",
    ],
  },
  CreateUser: {
    input: "CreateUserRequest",
    output: "CreateUserResponse",
    errors: [
      "EntityAlreadyExistsException",
      "InvalidParameterException",
      "LimitExceededException",
      "NoSuchEntityException",
      "ServerException",
    ],
  },
  DeleteAccessKey: {
    input: "DeleteAccessKeyRequest",
    output: "DeleteAccessKeyResponse",
    errors: [
      "AccessKeyNotFoundException",
      "InvalidParameterException",
      "LimitExceededException",
      "NoSuchEntityException",
      "ServerException",
    ],
  },
  DeleteGroup: {
    input: "DeleteGroupRequest",
    output: "DeleteGroupResponse",
    errors: ["DeleteConflictException", "InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  DeleteInlinePolicy: {
    input: "DeleteInlinePolicyRequest",
    output: "DeleteInlinePolicyResponse",
    errors: ["InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  DeletePolicy: {
    input: "DeletePolicyRequest",
    output: "DeletePolicyResponse",
    errors: ["DeleteConflictException", "InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  DeleteRole: {
    input: "DeleteRoleRequest",
    output: "DeleteRoleResponse",
    errors: ["DeleteConflictException", "InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  DeleteUser: {
    input: "DeleteUserRequest",
    output: "DeleteUserResponse",
    errors: ["DeleteConflictException", "InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  DetachPolicy: {
    input: "DetachPolicyRequest",
    output: "DetachPolicyResponse",
    errors: ["InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  ExplainAccess: {
    input: "ExplainAccessRequest",
    output: "ExplainAccessResponse",
    errors: ["InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  GetGroup: {
    input: "GetGroupRequest",
    output: "GetGroupResponse",
    errors: ["InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  GetPolicy: {
    input: "GetPolicyRequest",
    output: "GetPolicyResponse",
    errors: ["InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  GetRole: {
    input: "GetRoleRequest",
    output: "GetRoleResponse",
    errors: ["InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  GetStatus: { input: "GetStatusRequest", output: "GetStatusResponse", errors: ["ServerException"] },
  GetUser: {
    input: "GetUserRequest",
    output: "GetUserResponse",
    errors: ["InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  ListAccessKeys: {
    input: "ListAccessKeysRequest",
    output: "ListAccessKeysResponse",
    errors: ["InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  ListAccounts: { input: "ListAccountsRequest", output: "ListAccountsResponse", errors: ["ServerException"] },
  ListGroups: {
    input: "ListGroupsRequest",
    output: "ListGroupsResponse",
    errors: ["InvalidParameterException", "ServerException"],
  },
  ListPolicies: {
    input: "ListPoliciesRequest",
    output: "ListPoliciesResponse",
    errors: ["InvalidParameterException", "ServerException"],
  },
  ListRoles: {
    input: "ListRolesRequest",
    output: "ListRolesResponse",
    errors: ["InvalidParameterException", "ServerException"],
  },
  ListUsers: {
    input: "ListUsersRequest",
    output: "ListUsersResponse",
    errors: ["InvalidParameterException", "ServerException"],
  },
  PutInlinePolicy: {
    input: "PutInlinePolicyRequest",
    output: "PutInlinePolicyResponse",
    errors: [
      "InvalidParameterException",
      "LimitExceededException",
      "MalformedPolicyDocumentException",
      "NoSuchEntityException",
      "ServerException",
    ],
  },
  RemoveUserFromGroup: {
    input: "RemoveUserFromGroupRequest",
    output: "RemoveUserFromGroupResponse",
    errors: ["InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  Revoke: {
    input: "RevokeRequest",
    output: "RevokeResponse",
    errors: ["AccessKeyNotFoundException", "InvalidParameterException", "NoSuchEntityException", "ServerException"],
  },
  UpdateAccessKey: {
    input: "UpdateAccessKeyRequest",
    output: "UpdateAccessKeyResponse",
    errors: [
      "AccessKeyNotFoundException",
      "InvalidParameterException",
      "LimitExceededException",
      "NoSuchEntityException",
      "ServerException",
    ],
  },
  UpdatePolicy: {
    input: "UpdatePolicyRequest",
    output: "UpdatePolicyResponse",
    errors: [
      "InvalidParameterException",
      "LimitExceededException",
      "MalformedPolicyDocumentException",
      "NoSuchEntityException",
      "ServerException",
    ],
  },
  UpdateRole: {
    input: "UpdateRoleRequest",
    output: "UpdateRoleResponse",
    errors: [
      "InvalidParameterException",
      "LimitExceededException",
      "MalformedPolicyDocumentException",
      "NoSuchEntityException",
      "ServerException",
    ],
  },
  UpdateUser: {
    input: "UpdateUserRequest",
    output: "UpdateUserResponse",
    errors: ["InvalidParameterException", "LimitExceededException", "NoSuchEntityException", "ServerException"],
  },
  ValidatePolicy: {
    input: "ValidatePolicyRequest",
    output: "ValidatePolicyResponse",
    errors: ["InvalidParameterException", "ServerException"],
  },
};
