import { create, ecrLogin, OciClient, ociPlatform } from "@stowage/client";
import type { BlobContent, EcrClient, OciClientOptions } from "@stowage/client";
import { contentOf, imageOf, indexOf, noise } from "./contents.ts";
import type { Content, Image } from "./contents.ts";
import type { Exercise } from "./steps.ts";
import type { Machine } from "./machine.ts";
import type { Wire } from "./wires.ts";

const REPOSITORIES = ["oci/app", "oci/copy", "oci/folder", "oci/archive"];
/** More than two parts of the size that uploads have by default, and some. */
const LARGE_BYTES = 20 * 1024 * 1024 + 123;
const LAYER_BYTES = 3 * 1024 * 1024 + 7;

export interface OciStage extends Exercise {
  readonly machine: Machine;
  readonly ecr: EcrClient;
  readonly client: OciClient;
  /** A client of the other registry. */
  readonly other: OciClient;
  /** Another client of the same registry. */
  readonly connect: (options?: Partial<OciClientOptions>, wire?: Wire) => OciClient;
  readonly large: Content;
  readonly amd: Image;
  readonly index: Image;
}

export async function openOciStage(given: Exercise, machine: Machine): Promise<OciStage> {
  const [ecr, client] = await openRegistry(given.options);
  const [, other] = await openRegistry(given.otherOptions);
  const amd = await imageOf(noise(LAYER_BYTES));
  const index = await indexOf({ amd64: amd, arm64: await imageOf(noise(1000), "arm64") });
  return {
    ...given,
    machine,
    ecr,
    client,
    other,
    connect: (options = {}, wire = (http) => http) =>
      new OciClient({ ...clientOptions(ecr, given.options), http: wire(ociPlatform.http), ...options }),
    large: await contentOf(noise(LARGE_BYTES)),
    amd,
    index,
  };
}

async function openRegistry(options: Exercise["options"]): Promise<readonly [EcrClient, OciClient]> {
  const ecr = create(options);
  for (const repositoryName of REPOSITORIES) await ecr.createRepository({ repositoryName });
  return [ecr, new OciClient(clientOptions(ecr, options))];
}

function clientOptions(ecr: EcrClient, { endpoint = "" }: Exercise["options"]): OciClientOptions {
  return { endpoint, credentials: ecrLogin(ecr) };
}

/** Bytes from a file of the machine's. */
export async function uploadOf({ machine }: OciStage, { bytes, digest }: Content): Promise<Required<BlobContent>> {
  const file = await machine.file(once(bytes));
  const open: BlobContent["open"] = (fromByte) => file.read(fromByte, file.sizeBytes - fromByte);
  return { expected: { digest, sizeBytes: bytes.length }, open };
}

/** Pushes what an image consists of, and the image last. */
export async function pushImage(
  stage: OciStage,
  { bytes, mediaType, blobs }: Image,
  { repository = "oci/app", reference }: { readonly repository?: string; readonly reference?: string } = {},
): Promise<void> {
  for (const blob of blobs) await stage.client.uploadBlob(repository, await uploadOf(stage, blob));
  await stage.client.putManifest(repository, { bytes, mediaType, ...(reference === undefined ? {} : { reference }) });
}

export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
