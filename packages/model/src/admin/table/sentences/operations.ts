/** What each operation does. */
export const operations: Readonly<Record<string, string>> = {
  CreateAccessKey: "Makes a further access key for the root identity of the account; its secret is answered this once.",
  DeleteAccessKey: "Deletes an access key of the root identity; requests signed with it are refused from then on.",
  GetStatus: "Tells what the server is, where it keeps its data and how much it holds.",
  ListAccessKeys: "Lists the access keys of the root identity of the account, without their secrets.",
  UpdateAccessKey: "Switches an access key of the root identity off or on again.",
};
