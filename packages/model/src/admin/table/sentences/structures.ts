/** What each structure stands for. */
export const structures: Readonly<Record<string, string>> = {
  AccessKey: "An access key of a user or of the account's root, without its secret.",
  Account: "An account, which owns registries and identities.",
  ExplainedStatement: "A statement and what it had to do with a decision.",
  Group: "A group of users, whose policies count for each of them.",
  InlinePolicy: "A policy of one identity alone.",
  ManagedPolicy: "A policy that any number of identities may have.",
  PolicyFinding: "Something that is wrong with a policy document, or unwise about it.",
  Role: "An identity without keys of its own, which others assume for a session.",
  StatusCounts: "How much the server holds, over all registries.",
  IdentityTag: "A key and a value.",
  User: "An identity with access keys of its own.",
};
