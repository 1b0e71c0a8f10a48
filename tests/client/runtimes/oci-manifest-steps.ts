import { attach, inspectImage, OciError } from "@stowage/client";
import { imageOf, noise } from "./contents.ts";
import type { Steps } from "./steps.ts";
import { pushImage } from "./oci-stage.ts";
import type { OciStage } from "./oci-stage.ts";
import { listed, refused, same, sameBytes } from "./outcomes.ts";

const artifact = {
  artifactType: "application/vnd.example.note",
  blobs: [{ mediaType: "text/plain", bytes: new TextEncoder().encode("a note") }],
  annotations: { about: "this" },
};

/** Manifests, tags and what refers to them. */
export const manifestSteps: Steps<OciStage> = {
  "pushes an image and pulls its manifest by tag and digest": async (stage) => {
    const { client, amd } = stage;
    await pushImage(stage, amd, { reference: "amd" });
    const head = await client.headManifest("oci/app", "amd");
    same([head?.digest, head?.mediaType, head?.sizeBytes], [amd.digest, amd.mediaType, amd.bytes.length]);
    const { digest, bytes } = await client.getManifest("oci/app", "amd");
    same(digest, amd.digest);
    sameBytes(bytes, amd.bytes);
    return sameBytes((await client.getManifest("oci/app", amd.digest)).bytes, amd.bytes);
  },
  "gives an image more tags, and lists them page by page": async ({ client }) => {
    for (const tag of ["v1", "v2", "v3"]) await client.tag("oci/app", "amd", { tag });
    return same(await listed(client.tags("oci/app", { pageSize: 1 })), ["amd", "v1", "v2", "v3"]);
  },
  "lists repositories page by page": async ({ client }) => {
    const names = await listed(client.catalog({ pageSize: 2 }));
    return ["oci/app", "oci/archive", "oci/copy", "oci/folder"].every((name) => names.includes(name));
  },
  "inspects an image": async ({ client, amd }) => {
    const { config, sizeBytes } = await inspectImage({ client, repository: "oci/app", reference: "v1" });
    same(config, { architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: [] } });
    return same(
      sizeBytes,
      amd.blobs.reduce((total, { bytes }) => total + bytes.length, 0),
    );
  },
  "attaches an artifact, which is listed by its type": async ({ client, amd }) => {
    const attached = await attach({ client, repository: "oci/app", reference: "v1" }, artifact);
    const { artifactType, annotations } = artifact;
    const found = await listed(client.referrers("oci/app", amd.digest, { artifactType }));
    same(
      found.map((entry) => [entry.digest, entry.artifactType, entry.annotations]),
      [[attached.digest, artifactType, annotations]],
    );
    same(await listed(client.referrers("oci/app", amd.digest, { artifactType: "another/type" })), []);
    // The fallback tag is for registries that keep no such list.
    return same((await listed(client.tags("oci/app"))).length, 4);
  },
  "deletes a tag, and then a manifest with its tags": async (stage) => {
    const { client } = stage;
    const image = await imageOf(noise(100));
    for (const reference of ["old", "older"]) await pushImage(stage, image, { reference });
    same(await client.deleteManifest("oci/app", "older"), true);
    same(await client.headManifest("oci/app", "older"), undefined);
    same((await client.headManifest("oci/app", "old"))?.digest, image.digest);
    same(await client.deleteManifest("oci/app", image.digest), true);
    same(await client.headManifest("oci/app", "old"), undefined);
    return same(await client.deleteManifest("oci/app", image.digest), false);
  },
  "is told that blobs are not deleted by themselves": ({ client, large }) =>
    refused(client.deleteBlob("oci/app", large.digest), OciError, { status: 405, code: "UNSUPPORTED" }),
};
