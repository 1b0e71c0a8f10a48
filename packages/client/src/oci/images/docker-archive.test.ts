import { expect, it } from "vitest";
import { memoryPlatform, ORIGIN } from "../../testing/memory-registry.ts";
import { PlatformOciClient } from "../oci-client.ts";
import { pushDockerArchive } from "./docker-archive.ts";
import type { ReadableFiles } from "./files.ts";

/** An archive of one image whose configuration knows of no layer: what is refused next once the list was taken. */
function archiveOf(layerCount: number): ReadableFiles {
  const layers = Array.from({ length: layerCount }, () => "layer.tar");
  const files: Readonly<Record<string, string>> = {
    "manifest.json": JSON.stringify([{ Config: "config.json", RepoTags: ["app:1"], Layers: layers }]),
    "config.json": JSON.stringify({ rootfs: { type: "layers", diff_ids: [] } }),
  };
  return {
    sizeBytes: (name) => Promise.resolve(files[name]?.length),
    async *read(name, fromByte) {
      yield new TextEncoder().encode(files[name]).subarray(fromByte);
    },
  };
}

it.each([
  [10_000, "The configuration names 0 layers, the archive 10000"],
  [10_001, "The archive's manifest.json has an invalid image"],
])("an archive with %i layers: %s", async (layerCount, outcome) => {
  const client = new PlatformOciClient(
    { endpoint: ORIGIN },
    memoryPlatform(() => ({ status: 404 })),
  );
  const pushing = pushDockerArchive(archiveOf(layerCount), { client, repository: "a/b", reference: "x" }, {});
  await expect(pushing).rejects.toThrow(outcome);
});
