import type { RegistryRoute, RepositoryRoute } from "../../../packages/server/src/oci-api/route.ts";
import { OTHER_APP } from "./callers.ts";

export type RouteKind = RepositoryRoute["kind"] | RegistryRoute["kind"];

/** A request to `/v2/` and what it asks of a repository's policies. */
export interface OciRow {
  readonly method: string;
  readonly kind: RouteKind;
  readonly what?: string;
  readonly path: (repositoryName: string) => string;
  readonly body?: string;
  /** All of them are needed, in this order. */
  readonly actions: readonly string[];
  /** Any of these will do in place of the first of `actions`. */
  readonly instead?: string;
  /** Answered to everyone who is known. */
  readonly always?: number;
  /** What a pull is answered where there is an image. */
  readonly succeeds?: number;
}

const DIGEST = `sha256:${"0".repeat(64)}`;
const UPLOAD = "0f8fad5b-d9cb-469f-a165-70867728950e";
const BEGIN = "ecr:InitiateLayerUpload";
const PART = "ecr:UploadLayerPart";
const COMPLETE = "ecr:CompleteLayerUpload";

/** A row for each route and method, and for each way of using one. Source: design.md, section 5. */
export const ociRows = (layerDigest: string): readonly OciRow[] => {
  const manifest = (name: string): string => `/v2/${name}/manifests/latest`;
  const blob = (name: string): string => `/v2/${name}/blobs/${layerDigest}`;
  const uploads = (name: string): string => `/v2/${name}/blobs/uploads/`;
  const upload = (name: string): string => `/v2/${name}/blobs/uploads/${UPLOAD}`;
  const tags = (name: string): string => `/v2/${name}/tags/list`;
  const referrers = (name: string): string => `/v2/${name}/referrers/${DIGEST}`;
  const pull = { actions: ["ecr:BatchGetImage"], succeeds: 200 };
  const list = { actions: ["ecr:ListImages"], succeeds: 200 };
  const refer = { actions: ["ecr:ListImageReferrers"], succeeds: 200 };
  const download = "ecr:GetDownloadUrlForLayer";
  return [
    { method: "GET", kind: "ping", path: () => "/v2/", actions: [], always: 200 },
    { method: "HEAD", kind: "ping", path: () => "/v2/", actions: [], always: 200 },
    { method: "GET", kind: "catalog", path: () => "/v2/_catalog", actions: [], always: 200 },
    { method: "HEAD", kind: "catalog", path: () => "/v2/_catalog", actions: [], always: 200 },
    { method: "GET", kind: "manifest", path: manifest, ...pull },
    { method: "HEAD", kind: "manifest", path: manifest, ...pull },
    { method: "PUT", kind: "manifest", path: manifest, body: "{}", actions: ["ecr:PutImage"] },
    {
      method: "DELETE",
      kind: "manifest",
      path: (name) => `/v2/${name}/manifests/none`,
      actions: ["ecr:BatchDeleteImage"],
    },
    { method: "GET", kind: "blob", path: blob, actions: [download], succeeds: 200 },
    {
      method: "HEAD",
      kind: "blob",
      path: blob,
      actions: [download],
      instead: "ecr:BatchCheckLayerAvailability",
      succeeds: 200,
    },
    { method: "DELETE", kind: "blob", path: blob, actions: [], always: 405 },
    { method: "POST", kind: "uploads", path: uploads, body: "", actions: [BEGIN] },
    {
      method: "POST",
      kind: "uploads",
      what: "with the whole blob",
      path: (name) => `${uploads(name)}?digest=${DIGEST}`,
      body: "x",
      actions: [BEGIN, PART, COMPLETE],
    },
    {
      method: "POST",
      kind: "uploads",
      what: "with a mount",
      path: (name) => `${uploads(name)}?mount=${layerDigest}&from=${OTHER_APP}`,
      body: "",
      actions: [BEGIN],
    },
    { method: "GET", kind: "upload", path: upload, actions: [PART] },
    { method: "PATCH", kind: "upload", path: upload, body: "x", actions: [PART] },
    {
      method: "PUT",
      kind: "upload",
      path: (name) => `${upload(name)}?digest=${DIGEST}`,
      body: "",
      actions: [COMPLETE],
    },
    {
      method: "PUT",
      kind: "upload",
      what: "with a last chunk",
      path: (name) => `${upload(name)}?digest=${DIGEST}`,
      body: "x",
      actions: [COMPLETE, PART],
    },
    { method: "DELETE", kind: "upload", path: upload, actions: [PART] },
    { method: "GET", kind: "tags", path: tags, ...list },
    { method: "HEAD", kind: "tags", path: tags, ...list },
    { method: "GET", kind: "referrers", path: referrers, ...refer },
    { method: "HEAD", kind: "referrers", path: referrers, ...refer },
  ];
};
