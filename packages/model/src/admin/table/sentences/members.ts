/** What a member means in one structure, where the sentence of its shape is not enough. */
export const members: Readonly<Record<string, string>> = {
  "AccessKey.createdAt": "When the key was made.",
  "AccessKey.lastUsedAt": "When a request was last signed with the key; absent when never.",
  "CreateAccessKeyResponse.createdAt": "When the key was made.",
  "GetStatusResponse.startedAt": "When the server process started.",
  "StatusCounts.blobBytes": "Size of all stored blobs in bytes, each counted once.",
  "StatusCounts.blobs": "Stored blobs, each counted once.",
  "StatusCounts.images": "Manifests of all repositories.",
  "StatusCounts.openUploads": "Uploads that are neither completed nor given up.",
  "StatusCounts.registries": "Registries: pairs of account and region that hold something.",
  "StatusCounts.repositories": "Repositories of all registries.",
};
