import { OciClient, TimeoutError } from "@stowage/client";
import type { OciClientOptions } from "@stowage/client";
import { contentOf } from "./contents.ts";
import type { Content } from "./contents.ts";
import type { Steps } from "./steps.ts";
import { faultyBlob } from "./faulty-blob.ts";
import { uploadOf } from "./oci-stage.ts";
import type { OciStage } from "./oci-stage.ts";
import { collected, failureOf, refused, same, sameBytes } from "./outcomes.ts";

/** Connections that break, and servers that say nothing or send elsewhere. */
export const faultSteps: Steps<OciStage> = {
  "goes on with a pull when the server is gone in the middle": async (stage) => {
    const { digest, bytes } = await blob();
    const pull = faulty(stage).getBlob("broken", digest, { sizeBytes: bytes.length });
    sameBytes(await collected(pull), bytes);
    return same((await seen(stage, "GET /v2/broken/blobs/sha256")).length, 2);
  },
  "goes on with an upload when the server is gone in the middle": async (stage) => {
    const content = await uploadOf(stage, await blob());
    await faulty(stage, { partBytes: 2_000_000 }).uploadBlob("broken", content);
    return true;
  },
  "asks again for a manifest that came half": async (stage) => {
    const { bytes } = await faulty(stage).getManifest("broken", "half");
    return same(new TextDecoder().decode(bytes), '{"schemaVersion":2,"manifests":[]}');
  },
  "gives a request up on a kept connection, and does not repeat it": async (stage) => {
    const client = faulty(stage, { timeoutMs: 200, maxAttempts: 1 });
    await client.ping();
    const manifest = { bytes: new TextEncoder().encode("{}"), mediaType: "text/plain" };
    await refused(client.putManifest("silent", { ...manifest, reference: "late" }), TimeoutError);
    await client.ping();
    const controller = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => controller.abort(reason), 100);
    const { signal } = controller;
    const aborted = client.putManifest("silent", { ...manifest, reference: "aborted", signal });
    same((await failureOf(aborted)) === reason, true);
    await client.ping();
    return same(await seen(stage, "PUT"), ["PUT /v2/silent/manifests/late", "PUT /v2/silent/manifests/aborted"]);
  },
  "follows a redirect to another host, without its credentials": async (stage) => {
    const { digest, bytes } = await blob();
    const client = faulty(stage, { credentials: { bearer: "secret" } });
    sameBytes(await collected(client.getBlob("moved", digest, { sizeBytes: bytes.length })), bytes);
    const [first] = await seen(stage, "GET /v2/moved/");
    same(first?.endsWith(" authorized"), true);
    return same(await seen(stage, "GET /elsewhere"), ["GET /elsewhere"]);
  },
};

function blob(): Promise<Content> {
  return contentOf(faultyBlob());
}

function faulty({ faultyEndpoint }: OciStage, options: Partial<OciClientOptions> = {}): OciClient {
  return new OciClient({ endpoint: faultyEndpoint, ...options });
}

/** Requests that the server got, as far as they begin so. */
async function seen({ faultyEndpoint }: OciStage, prefix: string): Promise<readonly string[]> {
  const lines = (await (await fetch(`${faultyEndpoint}/seen`)).json()) as string[];
  return lines.filter((line) => line.startsWith(prefix) && !line.includes("/broken/blobs/uploads"));
}
