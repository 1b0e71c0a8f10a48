/** What a member means, by its shape. */
export const shapes: Readonly<Record<string, string>> = {
  AccessKeyId: "Id of the access key.",
  AccessKeyList: "The access keys, oldest first.",
  AccessKeyStatus: "Whether requests may be signed with the key.",
  AccountId: "The default account, 12 digits.",
  DataDirectory: "Folder that holds the server's data.",
  Endpoint: "Address that the server listens on, with scheme and port.",
  Region: "The default region.",
  SecretAccessKey: "The secret to sign with.",
  StatusCounts: "How much the server holds.",
  Version: "Version of the server.",
};
