import { Agent, request } from "undici";
import { type Content, type Image, MANIFEST_TYPE } from "./images.ts";
import { type EcrApi, EcrFailure } from "./stowage.ts";

/** An answer that the protocol allows but the caller did not hope for; status 0 stands for none at all. */
export class DoorFailure extends Error {
  override readonly name = "DoorFailure";
  readonly status: number;
  constructor(what: string, status: number, body: string) {
    super(`${what}: ${status} ${body.slice(0, 500)}`);
    this.status = status;
  }
}

/** One way into a registry, used as its clients do. */
export interface Door {
  readonly name: "v2" | "ecr";
  /** Asks for the blob first, as clients do, and uploads it when it is not there. */
  pushBlob(repository: string, blob: Content): Promise<void>;
  putManifest(repository: string, tag: string, manifest: Content): Promise<void>;
  /** @returns the manifest's bytes. @throws with status 404 when it is not there */
  pullManifest(repository: string, reference: string): Promise<Buffer>;
  pullBlob(repository: string, digest: string): Promise<Buffer>;
  close(): Promise<void>;
}

export async function pushImage(door: Door, repository: string, tag: string, image: Image): Promise<void> {
  for (const blob of image.blobs) await door.pushBlob(repository, blob);
  await door.putManifest(repository, tag, image.manifest);
}

export interface RegistryAddress {
  readonly origin: string;
  readonly authorization?: string;
}

interface Asked {
  readonly method: "GET" | "HEAD" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** The distribution protocol, in the order of docker: HEAD, POST, PATCH, PUT. */
export class RegistryDoor implements Door {
  readonly name = "v2";
  readonly #address: RegistryAddress;
  readonly #agent: Agent;

  constructor(address: RegistryAddress, connections = 64) {
    this.#address = address;
    this.#agent = new Agent({ connections, pipelining: 1, bodyTimeout: 120_000, headersTimeout: 120_000 });
  }

  async pushBlob(repository: string, { digest, bytes }: Content): Promise<void> {
    const present = await this.ask(`/v2/${repository}/blobs/${digest}`, { method: "HEAD" });
    if (present.status === 200) return;
    const location = await this.patch(await this.beginUpload(repository), bytes);
    await this.finishUpload(location, digest);
  }

  async beginUpload(repository: string): Promise<string> {
    return locationOf(await this.expect(202, `/v2/${repository}/blobs/uploads/`, { method: "POST" }));
  }

  /** @returns where the upload goes on */
  async patch(location: string, body: Buffer): Promise<string> {
    return locationOf(await this.expect(202, location, { method: "PATCH", body }));
  }

  async finishUpload(location: string, digest: string, last?: Buffer): Promise<void> {
    const target = `${location}${location.includes("?") ? "&" : "?"}digest=${digest}`;
    await this.expect(201, target, { method: "PUT", ...(last === undefined ? {} : { body: last }) });
  }

  async putManifest(repository: string, tag: string, { bytes }: Content): Promise<void> {
    const headers = { "content-type": MANIFEST_TYPE };
    await this.expect(201, `/v2/${repository}/manifests/${tag}`, { method: "PUT", headers, body: bytes });
  }

  async pullManifest(repository: string, reference: string): Promise<Buffer> {
    const headers = { accept: MANIFEST_TYPE };
    return (await this.expect(200, `/v2/${repository}/manifests/${reference}`, { method: "GET", headers })).bytes;
  }

  async pullBlob(repository: string, digest: string): Promise<Buffer> {
    return (await this.expect(200, `/v2/${repository}/blobs/${digest}`, { method: "GET" })).bytes;
  }

  /** All tags, page by page. */
  async tags(repository: string): Promise<string[]> {
    const tags: string[] = [];
    let target: string | undefined = `/v2/${repository}/tags/list?n=1000`;
    while (target !== undefined) {
      const answer: Answer = await this.expect(200, target, { method: "GET" });
      const page = JSON.parse(answer.bytes.toString("utf8")) as { readonly tags: readonly string[] | null };
      tags.push(...(page.tags ?? []));
      target = /<([^>]+)>/.exec(String(answer.headers["link"] ?? ""))?.[1];
    }
    return tags;
  }

  /** @throws DoorFailure on any other status */
  async expect(status: number, target: string, asked: Asked): Promise<Answer> {
    const answer = await this.ask(target, asked);
    if (answer.status === status) return answer;
    throw new DoorFailure(`${asked.method} ${target}`, answer.status, answer.bytes.toString("utf8"));
  }

  async ask(target: string, { method, headers = {}, body }: Asked): Promise<Answer> {
    const { origin, authorization } = this.#address;
    const answer = await request(new URL(target, origin), {
      method,
      headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
      ...(body === undefined ? {} : { body }),
      dispatcher: this.#agent,
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return { status: answer.statusCode, headers: answer.headers, bytes };
  }

  /** Ends its connections, whatever is under way on them. */
  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

function locationOf(answer: Answer): string {
  const location = answer.headers["location"];
  if (typeof location !== "string") throw new Error("an upload has no Location");
  return location;
}

/** Parts of this size are what InitiateLayerUpload advises. */
const PART_BYTES = 10 * 1024 * 1024;

/** ECR's own API, as containerd's resolver for ECR uses it. */
export class EcrDoor implements Door {
  readonly name = "ecr";
  readonly #api: EcrApi;
  readonly #partBytes: number;

  constructor(api: EcrApi, partBytes = PART_BYTES) {
    this.#api = api;
    this.#partBytes = partBytes;
  }

  async pushBlob(repositoryName: string, { digest, bytes }: Content): Promise<void> {
    const check = { repositoryName, layerDigests: [digest] };
    const { layers } = (await this.#api.call("BatchCheckLayerAvailability", check)) as {
      readonly layers?: readonly { readonly layerAvailability: string }[];
    };
    if (layers?.[0]?.layerAvailability === "AVAILABLE") return;
    const { uploadId } = await this.#api.call("InitiateLayerUpload", { repositoryName });
    for (let at = 0; at < bytes.length; at += this.#partBytes) {
      await this.uploadPart(repositoryName, String(uploadId), at, bytes.subarray(at, at + this.#partBytes));
    }
    await this.completeUpload(repositoryName, String(uploadId), digest);
  }

  async uploadPart(repositoryName: string, uploadId: string, partFirstByte: number, part: Buffer): Promise<void> {
    const partLastByte = partFirstByte + part.length - 1;
    const layerPartBlob = part.toString("base64");
    const input = { repositoryName, uploadId, partFirstByte, partLastByte, layerPartBlob };
    await this.#api.call("UploadLayerPart", input);
  }

  /** A layer that the repository has meanwhile is as good. */
  async completeUpload(repositoryName: string, uploadId: string, digest: string): Promise<void> {
    const input = { repositoryName, uploadId, layerDigests: [digest] };
    await this.#api.call("CompleteLayerUpload", input).catch((error: unknown) => {
      if (!(error instanceof EcrFailure) || error.code !== "LayerAlreadyExistsException") throw error;
    });
  }

  async putManifest(repositoryName: string, imageTag: string, { bytes, digest }: Content): Promise<void> {
    const imageManifest = bytes.toString("utf8");
    const input = { repositoryName, imageTag, imageManifest, imageManifestMediaType: MANIFEST_TYPE };
    const { image } = (await this.#api.call("PutImage", input)) as {
      readonly image: { readonly imageId: { readonly imageDigest: string } };
    };
    if (image.imageId.imageDigest !== digest) throw new Error(`PutImage answered ${image.imageId.imageDigest}`);
  }

  async pullManifest(repositoryName: string, reference: string): Promise<Buffer> {
    const id = reference.startsWith("sha256:") ? { imageDigest: reference } : { imageTag: reference };
    const answer = (await this.#api.call("BatchGetImage", { repositoryName, imageIds: [id] })) as {
      readonly images?: readonly { readonly imageManifest: string }[];
      readonly failures?: readonly object[];
    };
    const manifest = answer.images?.[0]?.imageManifest;
    if (manifest !== undefined) return Buffer.from(manifest, "utf8");
    throw new DoorFailure(`BatchGetImage ${repositoryName} ${reference}`, 404, JSON.stringify(answer.failures));
  }

  async pullBlob(repositoryName: string, layerDigest: string): Promise<Buffer> {
    const { downloadUrl } = await this.#api.call("GetDownloadUrlForLayer", { repositoryName, layerDigest });
    const answer = await request(String(downloadUrl));
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    if (answer.statusCode !== 200) {
      throw new DoorFailure(`GET ${String(downloadUrl)}`, answer.statusCode, bytes.toString("utf8"));
    }
    return bytes;
  }

  close(): Promise<void> {
    return this.#api.close();
  }
}
