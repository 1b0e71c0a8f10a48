import { randomBytes } from "node:crypto";
import { DoorFailure, EcrDoor, RegistryDoor } from "../../bench/harness/doors.ts";
import { type Content, contentOf, makeImageOf } from "../../bench/harness/images.ts";
import { EcrFailure, type RunningStowage } from "../../bench/harness/stowage.ts";
import type { KnownUpload, Ledger } from "./ledger.ts";
import type { Random } from "./scenario.ts";

export interface PusherOptions {
  readonly stowage: RunningStowage;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly door: "v2" | "ecr";
  readonly repository: string;
  /** Names the tags of this pusher alone. */
  readonly name: string;
  /** Called when a request is sent that makes something visible. */
  readonly committing: () => void;
}

const KIB = 1024;
const MIB = 1024 * KIB;
/** ECR takes no part below it but the last. */
const LEAST_PART_BYTES = 5 * MIB;
const SHARED_LAYERS = 8;

/** Layers that several pushers bring to several repositories, also at the same moment. */
const sharedLayers = Array.from({ length: SHARED_LAYERS }, (_, at) => contentOf(Buffer.alloc(40 * KIB + at, at)));

/** One client that pushes image after image, noting in the ledger what it sends and what it is told. */
export class Pusher {
  readonly #options: PusherOptions;
  readonly #registry: RegistryDoor;
  readonly #ecr: EcrDoor;
  #number = 0;

  constructor(options: PusherOptions) {
    this.#options = options;
    this.#registry = new RegistryDoor(options.stowage, 2);
    this.#ecr = new EcrDoor(options.stowage.api.another());
  }

  /** Goes on until a request fails. @throws what the registry answered, or that the connection broke */
  async pushForEver(): Promise<never> {
    for (;;) await this.pushOne();
  }

  async pushOne(): Promise<void> {
    const { ledger, repository, random, name, door, committing } = this.#options;
    this.#number += 1;
    const layers = this.#layers();
    const image = makeImageOf(layers);
    for (const blob of image.blobs) await this.#pushBlob(blob);
    const digests = image.blobs.map(({ digest }) => digest);
    // A tag of its own, and every now and then one that moves.
    const tags = [
      `${name}-${this.#number}-${image.manifest.digest.slice(-8)}`,
      ...(random.chance(0.5) ? [`${name}-latest`] : []),
    ];
    for (const tag of tags) {
      const acknowledged = ledger.tagging(repository, tag, image.manifest, digests);
      const put = door === "v2" ? this.#registry : this.#ecr;
      const sent = put.putManifest(repository, tag, image.manifest);
      committing();
      await sent;
      acknowledged();
    }
  }

  async close(): Promise<void> {
    await this.#registry.close();
    await this.#ecr.close();
  }

  #layers(): Content[] {
    const { random, door } = this.#options;
    const count = random.integer(1, 3);
    return Array.from({ length: count }, () => {
      if (random.chance(0.25)) return sharedLayers[random.integer(0, SHARED_LAYERS - 1)] ?? contentOf("");
      if (random.chance(0.1))
        return contentOf(randomBytes((door === "ecr" ? LEAST_PART_BYTES : MIB) + random.integer(1, MIB)));
      return contentOf(randomBytes(random.integer(1, 200 * KIB)));
    });
  }

  async #pushBlob(content: Content): Promise<void> {
    const { ledger, repository, door, random } = this.#options;
    const known = ledger.blobs.has(`${repository} ${content.digest}`);
    if (known && random.chance(0.5)) return;
    await (door === "v2" ? this.#uploadThroughRegistry(content) : this.#uploadThroughApi(content));
  }

  async #uploadThroughRegistry(content: Content): Promise<void> {
    const { ledger, repository, random, committing } = this.#options;
    const upload = ledger.begun({
      repository,
      door: "v2",
      place: await this.#registry.beginUpload(repository),
      content,
      heldBytes: 0,
      ending: false,
    });
    const pieces = random.integer(1, 3);
    const pieceBytes = Math.ceil(content.bytes.length / pieces);
    for (let at = 0; at < content.bytes.length; at += pieceBytes) {
      const body = content.bytes.subarray(at, at + pieceBytes);
      upload.place = await this.#registry.patch(upload.place, body);
      upload.heldBytes = at + body.length;
    }
    upload.ending = true;
    const ended = this.#registry.finishUpload(upload.place, content.digest);
    committing();
    await ended;
    ledger.ended(upload);
  }

  async #uploadThroughApi(content: Content): Promise<void> {
    const { ledger, repository, stowage, committing } = this.#options;
    const { uploadId } = await stowage.api.call("InitiateLayerUpload", { repositoryName: repository });
    const known = { repository, door: "ecr", place: String(uploadId), content, heldBytes: 0, ending: false } as const;
    const upload: KnownUpload = ledger.begun({ ...known });
    for (let at = 0; at < content.bytes.length; at += LEAST_PART_BYTES) {
      const part = content.bytes.subarray(at, at + LEAST_PART_BYTES);
      await this.#ecr.uploadPart(repository, upload.place, at, part);
      upload.heldBytes = at + part.length;
    }
    upload.ending = true;
    const ended = this.#ecr.completeUpload(repository, upload.place, content.digest);
    committing();
    await ended;
    ledger.ended(upload);
  }
}

/** Whether an error is the registry's own word, and not a connection that broke. */
export function isAnswer(error: unknown): error is DoorFailure | EcrFailure {
  return error instanceof DoorFailure || error instanceof EcrFailure;
}
