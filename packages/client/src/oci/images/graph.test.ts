import { digestOf, mediaTypes } from "@stowage/model";
import type { Descriptor, Digest } from "@stowage/model";
import { describe, expect, it } from "vitest";
import { ociPlatform } from "../../node/oci-platform.ts";
import type { ManifestContent } from "../manifests.ts";
import { indexBytes } from "../referrers.ts";
import { MAX_GRAPH_BYTES, MAX_GRAPH_DEPTH, MAX_GRAPH_MANIFESTS, readGraph } from "./graph.ts";
import type { ImageSource } from "./image-store.ts";

const CONFIG = { mediaType: mediaTypes.ociConfig, digest: `sha256:${"c".repeat(64)}`, size: 2 };
const LEAF = imageBytes("");

function imageBytes(pad: string): Uint8Array {
  const annotations = { pad };
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.ociImage, config: CONFIG, layers: [], annotations };
  return new TextEncoder().encode(JSON.stringify(manifest));
}

/** Manifests under made-up digests: a graph believes its source what those are of. */
class Source implements ImageSource {
  readonly #known = new Map<string, ManifestContent>();

  add(bytes: Uint8Array, mediaType: string): Descriptor {
    const digest = digestOf("sha256", this.#known.size.toString(16).padStart(64, "0"));
    this.#known.set(digest, { digest, mediaType, bytes });
    return { digest, mediaType, sizeBytes: bytes.length };
  }

  image(bytes = LEAF): Descriptor {
    return this.add(bytes, mediaTypes.ociImage);
  }

  index(children: readonly Descriptor[]): Descriptor {
    return this.add(indexBytes(children), mediaTypes.ociIndex);
  }

  images(count: number): readonly Descriptor[] {
    return Array.from({ length: count }, () => this.image());
  }

  manifest(reference: string): Promise<ManifestContent> {
    const found = this.#known.get(reference);
    return found === undefined ? Promise.reject(new Error(`no ${reference}`)) : Promise.resolve(found);
  }

  blob(): never {
    throw new Error("asked for a blob");
  }

  async *referrers(): AsyncGenerator<Descriptor> {
    // Nothing refers to what is here.
  }
}

async function manifestsOf(source: ImageSource, root: Digest): Promise<number> {
  const isThere = (): Promise<boolean> => Promise.resolve(false);
  const options = { platforms: "all", referrers: true, isThere, signal: undefined, platform: ociPlatform } as const;
  return (await readGraph(source, root, options)).nodes.length;
}

describe("an image's graph", () => {
  it(`has up to ${MAX_GRAPH_MANIFESTS} manifests, and not one more`, async () => {
    const source = new Source();
    // An index lists no more than 10,000.
    const half = MAX_GRAPH_MANIFESTS / 2;
    const one = source.index(source.images(half - 2));
    const other = source.index(source.images(half - 1));
    expect(await manifestsOf(source, source.index([one, other]).digest)).toBe(MAX_GRAPH_MANIFESTS);
    const over = source.index([one, other, source.image()]);
    await expect(manifestsOf(source, over.digest)).rejects.toThrow(
      `An image of more than ${MAX_GRAPH_MANIFESTS} manifests is not taken`,
    );
  });

  it(`is up to ${MAX_GRAPH_DEPTH} deep, and not one deeper`, async () => {
    const source = new Source();
    let root = source.image();
    for (let depth = 0; depth < MAX_GRAPH_DEPTH; depth += 1) root = source.index([root]);
    expect(await manifestsOf(source, root.digest)).toBe(MAX_GRAPH_DEPTH + 1);
    await expect(manifestsOf(source, source.index([root]).digest)).rejects.toThrow(
      `Manifests are nested deeper than ${MAX_GRAPH_DEPTH}`,
    );
  });

  it(`has up to ${MAX_GRAPH_BYTES} bytes, and not one more`, async () => {
    const source = new Source();
    const full = source.index([source.image(), source.image()]).sizeBytes + LEAF.length;
    const padded = (sizeBytes: number): Descriptor => source.image(imageBytes("x".repeat(sizeBytes - LEAF.length)));
    const root = (last: Descriptor): Digest => source.index([source.image(), last]).digest;
    // The size of a descriptor's own size differs.
    const digits = String(MAX_GRAPH_BYTES - full).length - String(LEAF.length).length;
    expect(await manifestsOf(source, root(padded(MAX_GRAPH_BYTES - full - digits)))).toBe(3);
    await expect(manifestsOf(source, root(padded(MAX_GRAPH_BYTES - full - digits + 1)))).rejects.toThrow(
      `An image with more than ${MAX_GRAPH_BYTES} bytes of manifests is not taken`,
    );
  });
});
