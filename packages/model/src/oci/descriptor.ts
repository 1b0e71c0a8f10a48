import { isDigest } from "./digest.ts";
import type { Digest } from "./digest.ts";
import { isObject, own, textList, textMap } from "./json.ts";
import type { JsonObject } from "./json.ts";
import { ManifestRefusal } from "./manifest-failure.ts";

/** What an index says a manifest runs on. */
export interface Platform {
  readonly architecture?: string;
  readonly os?: string;
  readonly osVersion?: string;
  readonly osFeatures?: readonly string[];
  readonly variant?: string;
  readonly features?: readonly string[];
}

/** A pointer to content: what it is, its digest and how many bytes. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly artifactType?: string;
  /** Other places that serve the content. */
  readonly urls?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  /** The content itself in base64, unchecked. */
  readonly data?: string;
  readonly platform?: Platform;
}

/** @throws ManifestRefusal invalid-descriptor */
export function parseDescriptor(json: unknown, where: string): Descriptor {
  if (!isObject(json)) return refuse(where, "is not an object");
  const mediaType = own(json, "mediaType");
  if (typeof mediaType !== "string" || mediaType === "") return refuse(where, "has no media type");
  const digest = own(json, "digest");
  if (typeof digest !== "string" || !isDigest(digest)) return refuse(where, "has an invalid digest");
  const sizeBytes = own(json, "size");
  if (typeof sizeBytes !== "number" || !Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    return refuse(where, "has an invalid size");
  }
  const platform = own(json, "platform");
  return {
    mediaType,
    digest,
    sizeBytes,
    ...optional("artifactType", textOf(json, "artifactType", where)),
    ...optional("urls", checked(json, "urls", { where, parse: textList })),
    ...optional("annotations", checked(json, "annotations", { where, parse: textMap })),
    ...optional("data", textOf(json, "data", where)),
    ...(platform === undefined ? {} : { platform: parsePlatform(platform, where) }),
  };
}

function parsePlatform(json: unknown, where: string): Platform {
  if (!isObject(json)) return refuse(where, "has a platform that is not an object");
  return {
    ...optional("architecture", textOf(json, "architecture", where)),
    ...optional("os", textOf(json, "os", where)),
    ...optional("osVersion", textOf(json, "os.version", where)),
    ...optional("osFeatures", checked(json, "os.features", { where, parse: textList })),
    ...optional("variant", textOf(json, "variant", where)),
    ...optional("features", checked(json, "features", { where, parse: textList })),
  };
}

function textOf(source: JsonObject, key: string, where: string): string | undefined {
  return checked(source, key, { where, parse: (json) => (typeof json === "string" ? json : undefined) });
}

function checked<T>(
  source: JsonObject,
  key: string,
  { where, parse }: { where: string; parse: (json: unknown) => T | undefined },
): T | undefined {
  const json = own(source, key);
  if (json === undefined) return undefined;
  return parse(json) ?? refuse(where, `has an invalid value for ${key}`);
}

function optional<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: T };
}

function refuse(where: string, complaint: string): never {
  throw new ManifestRefusal("invalid-descriptor", `${where} ${complaint}`);
}
