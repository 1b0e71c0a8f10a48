/** Media types that the registry knows by name; every other one is kept and passed on as it came. */
export const mediaTypes = {
  ociImage: "application/vnd.oci.image.manifest.v1+json",
  ociIndex: "application/vnd.oci.image.index.v1+json",
  ociConfig: "application/vnd.oci.image.config.v1+json",
  ociEmpty: "application/vnd.oci.empty.v1+json",
  ociLayer: "application/vnd.oci.image.layer.v1.tar",
  ociLayerGzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  ociLayerZstd: "application/vnd.oci.image.layer.v1.tar+zstd",
  ociForeignLayer: "application/vnd.oci.image.layer.nondistributable.v1.tar",
  ociForeignLayerGzip: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
  ociForeignLayerZstd: "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
  dockerImage: "application/vnd.docker.distribution.manifest.v2+json",
  dockerIndex: "application/vnd.docker.distribution.manifest.list.v2+json",
  dockerConfig: "application/vnd.docker.container.image.v1+json",
  dockerLayer: "application/vnd.docker.image.rootfs.diff.tar",
  dockerLayerGzip: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  dockerForeignLayerGzip: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
  dockerSchema1: "application/vnd.docker.distribution.manifest.v1+json",
  dockerSchema1Signed: "application/vnd.docker.distribution.manifest.v1+prettyjws",
  ociArtifact: "application/vnd.oci.artifact.manifest.v1+json",
  orasArtifact: "application/vnd.cncf.oras.artifact.manifest.v1+json",
} as const;

/** What a manifest's media type makes of it: schema 1 and withdrawn types are refused on push. */
export type ManifestKind = "image" | "index" | "schema1" | "withdrawn" | "other";

const KINDS: ReadonlyMap<string, ManifestKind> = new Map<string, ManifestKind>([
  [mediaTypes.ociImage, "image"],
  [mediaTypes.dockerImage, "image"],
  [mediaTypes.ociIndex, "index"],
  [mediaTypes.dockerIndex, "index"],
  [mediaTypes.dockerSchema1, "schema1"],
  [mediaTypes.dockerSchema1Signed, "schema1"],
  [mediaTypes.ociArtifact, "withdrawn"],
  [mediaTypes.orasArtifact, "withdrawn"],
]);

/** Layers of these types may live elsewhere and need not be in the registry. */
const FOREIGN: ReadonlySet<string> = new Set<string>([
  mediaTypes.ociForeignLayer,
  mediaTypes.ociForeignLayerGzip,
  mediaTypes.ociForeignLayerZstd,
  mediaTypes.dockerForeignLayerGzip,
  "application/vnd.docker.image.rootfs.foreign.diff.tar",
]);

export function manifestKind(mediaType: string): ManifestKind {
  return KINDS.get(mediaType) ?? "other";
}

/** Whether a layer of this type may be missing, as those of Windows base images are. */
export function isForeignLayer(mediaType: string): boolean {
  return FOREIGN.has(mediaType);
}

/** The media type of a Content-Type, without its parameters and in lower case. */
export function mediaTypeOf(contentType: string): string {
  return (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
}
