/** What each exception means that the ECR API does not have. */
export const exceptions: Readonly<Record<string, string>> = {
  AccessKeyNotFoundException: "The identity has no access key with this id.",
  DeleteConflictException: "What is to be deleted is still in use, or still has keys, policies or members.",
  EntityAlreadyExistsException: "The account has an identity or a policy of this name already.",
  MalformedPolicyDocumentException: "The policy document is not well-formed; the message says what is wrong and where.",
  NoSuchEntityException: "The account has no such identity or policy.",
};
