import { createHmac, hash } from "node:crypto";

import type { Hasher } from "../src/index.ts";

export const nodeHasher: Hasher = {
  sha256: (data) => hash("sha256", data, "buffer"),
  hmacSha256: (key, data) => createHmac("sha256", key).update(data).digest(),
};
