import type { Shape } from "../../table/table.ts";

/** What operations on users, groups, roles and policies take and answer. */
export const identityMessages: Readonly<Record<string, Shape>> = {
  AddUserToGroupRequest: { structure: { groupName: "GroupName!", userName: "UserName!" } },
  AddUserToGroupResponse: { structure: {} },
  AttachPolicyRequest: {
    structure: { userName: "UserName", groupName: "GroupName", roleName: "RoleName", policyArn: "PolicyArn!" },
  },
  AttachPolicyResponse: { structure: {} },
  CreateGroupRequest: { structure: { groupName: "GroupName!", path: "Path" } },
  CreateGroupResponse: { structure: { group: "Group!" } },
  CreatePolicyRequest: { structure: { policyName: "PolicyName!", path: "Path", policyDocument: "PolicyDocument!" } },
  CreatePolicyResponse: { structure: { policy: "ManagedPolicy!", findings: "FindingList!" } },
  CreateRoleRequest: {
    structure: {
      roleName: "RoleName!",
      path: "Path",
      trustPolicy: "PolicyDocument!",
      maxSessionDuration: "SessionSeconds",
      permissionsBoundary: "PermissionsBoundary",
      tags: "TagList",
    },
  },
  CreateRoleResponse: { structure: { role: "Role!", findings: "FindingList!" } },
  CreateUserRequest: {
    structure: { userName: "UserName!", path: "Path", permissionsBoundary: "PermissionsBoundary", tags: "TagList" },
  },
  CreateUserResponse: { structure: { user: "User!" } },
  DeleteGroupRequest: { structure: { groupName: "GroupName!", force: "Force" } },
  DeleteGroupResponse: { structure: {} },
  DeleteInlinePolicyRequest: {
    structure: { userName: "UserName", groupName: "GroupName", roleName: "RoleName", policyName: "PolicyName!" },
  },
  DeleteInlinePolicyResponse: { structure: {} },
  DeletePolicyRequest: { structure: { policyArn: "PolicyArn!" } },
  DeletePolicyResponse: { structure: {} },
  DeleteRoleRequest: { structure: { roleName: "RoleName!", force: "Force" } },
  DeleteRoleResponse: { structure: {} },
  DeleteUserRequest: { structure: { userName: "UserName!", force: "Force" } },
  DeleteUserResponse: { structure: {} },
  DetachPolicyRequest: {
    structure: { userName: "UserName", groupName: "GroupName", roleName: "RoleName", policyArn: "PolicyArn!" },
  },
  DetachPolicyResponse: { structure: {} },
  GetGroupRequest: { structure: { groupName: "GroupName!" } },
  GetGroupResponse: {
    structure: {
      group: "Group!",
      userNames: "UserNameList!",
      inlinePolicies: "InlinePolicyList!",
      attachedPolicies: "PolicyArnList!",
    },
  },
  GetPolicyRequest: { structure: { policyArn: "PolicyArn!" } },
  GetPolicyResponse: { structure: { policy: "ManagedPolicy!", policyDocument: "PolicyDocument!", usedBy: "ArnList!" } },
  GetRoleRequest: { structure: { roleName: "RoleName!" } },
  GetRoleResponse: {
    structure: { role: "Role!", inlinePolicies: "InlinePolicyList!", attachedPolicies: "PolicyArnList!" },
  },
  GetUserRequest: { structure: { userName: "UserName!" } },
  GetUserResponse: {
    structure: {
      user: "User!",
      groupNames: "GroupNameList!",
      inlinePolicies: "InlinePolicyList!",
      attachedPolicies: "PolicyArnList!",
    },
  },
  ListGroupsRequest: { structure: { nextToken: "NextToken", maxResults: "MaxResults" } },
  ListGroupsResponse: { structure: { groups: "GroupList!", nextToken: "NextToken" } },
  ListPoliciesRequest: { structure: { scope: "PolicyScope" } },
  ListPoliciesResponse: { structure: { policies: "PolicyList!" } },
  ListRolesRequest: { structure: { nextToken: "NextToken", maxResults: "MaxResults" } },
  ListRolesResponse: { structure: { roles: "RoleList!", nextToken: "NextToken" } },
  ListUsersRequest: { structure: { nextToken: "NextToken", maxResults: "MaxResults" } },
  ListUsersResponse: { structure: { users: "UserList!", nextToken: "NextToken" } },
  PutInlinePolicyRequest: {
    structure: {
      userName: "UserName",
      groupName: "GroupName",
      roleName: "RoleName",
      policyName: "PolicyName!",
      policyDocument: "PolicyDocument!",
    },
  },
  PutInlinePolicyResponse: { structure: { findings: "FindingList!" } },
  RemoveUserFromGroupRequest: { structure: { groupName: "GroupName!", userName: "UserName!" } },
  RemoveUserFromGroupResponse: { structure: {} },
  UpdatePolicyRequest: { structure: { policyArn: "PolicyArn!", policyDocument: "PolicyDocument!" } },
  UpdatePolicyResponse: { structure: { policy: "ManagedPolicy!", findings: "FindingList!" } },
  UpdateRoleRequest: {
    structure: {
      roleName: "RoleName!",
      trustPolicy: "PolicyDocument",
      maxSessionDuration: "SessionSeconds",
      permissionsBoundary: "PermissionsBoundary",
      tags: "TagList",
    },
  },
  UpdateRoleResponse: { structure: { role: "Role!", findings: "FindingList!" } },
  UpdateUserRequest: {
    structure: { userName: "UserName!", permissionsBoundary: "PermissionsBoundary", tags: "TagList" },
  },
  UpdateUserResponse: { structure: { user: "User!" } },
  ValidatePolicyRequest: { structure: { policyDocument: "PolicyDocument!", policyType: "PolicyType!" } },
  ValidatePolicyResponse: { structure: { findings: "FindingList!" } },
};
