/** What each structure stands for. */
export const structures: Readonly<Record<string, string>> = {
  AccessKey: "An access key of the account's root identity, without its secret.",
  StatusCounts: "How much the server holds, over all registries.",
};
