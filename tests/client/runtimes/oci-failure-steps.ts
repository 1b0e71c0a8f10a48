import { ContentMismatchError, NoAnswerError, OciClient, OciError, TimeoutError } from "@stowage/client";
import { contentOf, imageOf, noise } from "./contents.ts";
import type { Steps } from "./steps.ts";
import { uploadOf } from "./oci-stage.ts";
import type { OciStage } from "./oci-stage.ts";
import { collected, failureOf, refused, same } from "./outcomes.ts";
import { misleading, tampering } from "./wires.ts";

/** What is missing, wrong or does not come. */
export const failureSteps: Steps<OciStage> = {
  "is told that a manifest is missing": async ({ client }) => {
    same(await client.headManifest("oci/app", "none"), undefined);
    return refused(client.getManifest("oci/app", "none"), OciError, { status: 404, code: "MANIFEST_UNKNOWN" });
  },
  "is told that a blob is missing": async ({ client }) => {
    const { digest } = await contentOf("nobody has this");
    same(await client.headBlob("oci/app", digest), undefined);
    const pull = collected(client.getBlob("oci/app", digest, { sizeBytes: 15 }));
    return refused(pull, OciError, { status: 404, code: "BLOB_UNKNOWN" });
  },
  "is told that a repository is missing": async (stage) => {
    const upload = stage.client.uploadBlob("oci/none", await uploadOf(stage, await contentOf("x")));
    return refused(upload, OciError, { status: 404, code: "NAME_UNKNOWN" });
  },
  "is told that an image lacks its blobs": async ({ client }) => {
    const image = await imageOf(noise(100));
    return refused(client.putManifest("oci/app", image), OciError, { status: 404, code: "MANIFEST_BLOB_UNKNOWN" });
  },
  "is told of a refusal while a body is on its way": async (stage) => {
    // What a server drops of a larger body may take its answer along when it closes: nobody can be sure to see that one.
    const client = stage.connect({ maxAttempts: 1, partBytes: 500_000 }, misleading);
    const content = await uploadOf(stage, await contentOf(noise(500_000)));
    return refused(client.uploadBlob("oci/app", content), OciError, { status: 404, code: "BLOB_UPLOAD_UNKNOWN" });
  },
  "refuses to upload other bytes than it was told, and leaves nothing": async (stage) => {
    const { client, connect } = stage;
    const { digest } = await contentOf(noise(100_000));
    const content = {
      ...(await uploadOf(stage, await contentOf(noise(100_000)))),
      expected: { digest, sizeBytes: 100_000 },
    };
    await refused(client.uploadBlob("oci/app", content), ContentMismatchError);
    await refused(connect({ partBytes: 30_000 }).uploadBlob("oci/app", content), ContentMismatchError);
    return same(await client.headBlob("oci/app", digest), undefined);
  },
  "refuses a blob of other bytes than its digest says": ({ connect, large }) =>
    refused(collected(connect({}, tampering).getBlob("oci/app", large.digest)), ContentMismatchError),
  "stops a pull when its signal aborts": async ({ client, large }) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const pull = (async () => {
      for await (const _ of client.getBlob("oci/app", large.digest, { signal: controller.signal })) {
        controller.abort(reason);
      }
    })();
    return (await failureOf(pull)) === reason;
  },
  "stops an upload when its signal aborts": async (stage) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const onBytes = (): void => controller.abort(reason);
    const content = await uploadOf(stage, await contentOf(noise(20_000_000)));
    const { signal } = controller;
    return (await failureOf(stage.client.uploadBlob("oci/app", content, { signal, onBytes }))) === reason;
  },
  "gives up on a registry that never answers": ({ silentEndpoint }) =>
    refused(new OciClient({ endpoint: silentEndpoint, timeoutMs: 200, maxAttempts: 1 }).ping(), TimeoutError),
  "tells that no registry is there": () =>
    refused(new OciClient({ endpoint: "http://127.0.0.1:1", maxAttempts: 1 }).ping(), NoAnswerError),
};
