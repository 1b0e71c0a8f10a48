/** What each exception means that the ECR API does not have. */
export const exceptions: Readonly<Record<string, string>> = {
  AccessKeyNotFoundException: "The account has no access key with this id.",
};
