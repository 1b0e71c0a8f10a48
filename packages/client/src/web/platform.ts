import type { Platform } from "../platform.ts";
import { nobleHasher } from "./hasher.ts";
import { webPlatform } from "./web-platform.ts";

export const platform: Platform = /* @__PURE__ */ webPlatform(nobleHasher);
