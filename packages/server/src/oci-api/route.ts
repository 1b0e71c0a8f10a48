import { isRepositoryName, type RepositoryName } from "@stowage/model";

/** Routes that name a repository. */
export type RepositoryRouteKind = "manifest" | "blob" | "uploads" | "upload" | "tags" | "referrers";

export interface RepositoryRoute {
  readonly kind: RepositoryRouteKind;
  readonly name: RepositoryName;
  /** What stands last in the path, percent-decoded: a reference, a digest, an upload's id; `""` where the route has none. */
  readonly item: string;
  /** As sent, without the question mark. */
  readonly query: string;
}

export interface RegistryRoute {
  readonly kind: "ping" | "catalog";
  readonly query: string;
}

/** `badName`: the path has a known form, but what stands for the repository's name is none. */
export type Route = RepositoryRoute | RegistryRoute | { readonly kind: "unknown" | "badName" };

const ROOT = "/v2/";
const UNKNOWN: Route = { kind: "unknown" };
const BAD_NAME: Route = { kind: "badName" };

/**
 * Reads a request target from the right, since names may hold the words `blobs`, `manifests`, `uploads`, `tags` and `referrers`.
 * Source: distribution-spec 1.1.1, endpoints.
 */
export function parseRoute(target: string): Route {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? "" : target.slice(mark + 1);
  if (path === ROOT || path === "/v2") return { kind: "ping", query };
  if (!path.startsWith(ROOT)) return UNKNOWN;
  if (path === "/v2/_catalog") return { kind: "catalog", query };

  const itemAt = path.lastIndexOf("/");
  const wordAt = path.lastIndexOf("/", itemAt - 1);
  if (wordAt < ROOT.length) return UNKNOWN;
  const item = path.slice(itemAt + 1);
  switch (path.slice(wordAt + 1, itemAt)) {
    case "manifests":
      return repositoryRoute("manifest", path.slice(ROOT.length, wordAt), item, query);
    case "blobs":
      if (item === "uploads") return repositoryRoute("uploads", path.slice(ROOT.length, wordAt), undefined, query);
      return repositoryRoute("blob", path.slice(ROOT.length, wordAt), item, query);
    case "tags":
      if (item !== "list") return UNKNOWN;
      return repositoryRoute("tags", path.slice(ROOT.length, wordAt), undefined, query);
    case "referrers":
      return repositoryRoute("referrers", path.slice(ROOT.length, wordAt), item, query);
    case "uploads":
      return uploadRoute(path, wordAt, query);
    default:
      return UNKNOWN;
  }
}

/** `NAME/blobs/uploads/` or `NAME/blobs/uploads/ID`; `wordAt` is the slash before `uploads`. */
function uploadRoute(path: string, wordAt: number, query: string): Route {
  const nameEnd = wordAt - "/blobs".length;
  if (nameEnd <= ROOT.length || !path.startsWith("/blobs", nameEnd)) return UNKNOWN;
  const item = path.slice(wordAt + "/uploads/".length);
  const name = path.slice(ROOT.length, nameEnd);
  return item === ""
    ? repositoryRoute("uploads", name, undefined, query)
    : repositoryRoute("upload", name, item, query);
}

/** @param item undefined for a route without one; an empty one fits no route */
function repositoryRoute(kind: RepositoryRouteKind, name: string, item: string | undefined, query: string): Route {
  if (item === "") return UNKNOWN;
  if (!isRepositoryName(name)) return BAD_NAME;
  const decoded = item === undefined ? "" : item.includes("%") ? decode(item) : item;
  return decoded === undefined ? UNKNOWN : { kind, name, item: decoded, query };
}

/** Clients send the colon of a digest raw or as `%3A`. Undefined for what is no percent-encoding. */
function decode(item: string): string | undefined {
  try {
    return decodeURIComponent(item);
  } catch {
    // A lone `%` or a broken UTF-8 sequence names nothing.
    return undefined;
  }
}
