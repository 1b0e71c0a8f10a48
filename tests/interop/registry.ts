import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  type ImageIdentifier,
  ListImagesCommand,
  PutAccountSettingCommand,
} from "@aws-sdk/client-ecr";
import assert from "node:assert/strict";
import { sha256 } from "./images.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Account extends Credentials {
  readonly region: string;
  /** The variables that `stowage env` prints: what an AWS client of any make needs to find the server. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface StoredManifest {
  readonly status: number;
  readonly digest: string | undefined;
  readonly mediaType: string | undefined;
  readonly bytes: Buffer;
}

const MANIFEST_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** The registry under test, as the scenarios prepare it and look at it without the client that they are about. */
export class Registry {
  readonly origin: string;
  readonly host: string;
  readonly account: Account;
  readonly ecr: ECRClient;
  readonly user = "AWS";
  #token: string | undefined;

  constructor(origin: string, account: Account) {
    this.origin = origin.replace(/\/$/, "");
    this.host = new URL(origin).host;
    this.account = account;
    this.ecr = this.client(account);
  }

  client(credentials: Credentials): ECRClient {
    return new ECRClient({ endpoint: this.origin, region: this.account.region, credentials, maxAttempts: 1 });
  }

  /** The registry password that GetAuthorizationToken hands out. */
  async password(): Promise<string> {
    if (this.#token === undefined) {
      const { authorizationData } = await this.ecr.send(new GetAuthorizationTokenCommand({}));
      const token = authorizationData?.[0]?.authorizationToken;
      assert.ok(token, "GetAuthorizationToken gave no token");
      const [user, password] = Buffer.from(token, "base64").toString("utf8").split(":");
      assert.equal(user, this.user);
      assert.ok(password);
      this.#token = password;
    }
    return this.#token;
  }

  async createRepository(name: string): Promise<void> {
    await this.ecr.send(new CreateRepositoryCommand({ repositoryName: name }));
  }

  /** Deletes one image as an operator would, for clients that have no command for it. */
  async deleteImage(name: string, id: ImageIdentifier): Promise<void> {
    const answer = await this.ecr.send(new BatchDeleteImageCommand({ repositoryName: name, imageIds: [id] }));
    assert.deepEqual(answer.failures ?? [], []);
  }

  /** Proves which tags a repository lists, for clients that have no command for it. */
  async expectTags(name: string, tags: readonly string[]): Promise<void> {
    const { imageIds = [] } = await this.ecr.send(
      new ListImagesCommand({ repositoryName: name, filter: { tagStatus: "TAGGED" } }),
    );
    assert.deepEqual(imageIds.flatMap(({ imageTag }) => imageTag ?? []).toSorted(), tags);
  }

  /** Does some work while layers of one repository may be mounted into another, as the account setting allows. */
  async withBlobMounting<T>(work: () => Promise<T>): Promise<T> {
    const set = (value: string): Promise<unknown> =>
      this.ecr.send(new PutAccountSettingCommand({ name: "BLOB_MOUNTING", value }));
    await set("ENABLED");
    try {
      return await work();
    } finally {
      await set("DISABLED");
    }
  }

  async manifest(name: string, reference: string): Promise<StoredManifest> {
    const answer = await this.fetch(`/v2/${name}/manifests/${reference}`, { headers: { accept: MANIFEST_TYPES } });
    return {
      status: answer.status,
      digest: answer.headers.get("docker-content-digest") ?? undefined,
      mediaType: answer.headers.get("content-type") ?? undefined,
      bytes: Buffer.from(await answer.arrayBuffer()),
    };
  }

  /** Proves that a reference answers with the manifest of this digest, and with bytes that have it. */
  async expectManifest(name: string, reference: string, digest: string): Promise<StoredManifest> {
    const found = await this.manifest(name, reference);
    assert.equal(found.status, 200, `${name}:${reference} answers ${found.status}`);
    assert.equal(found.digest, digest);
    assert.equal(sha256(found.bytes), digest);
    return found;
  }

  async expectGone(name: string, reference: string): Promise<void> {
    const { status } = await this.manifest(name, reference);
    assert.equal(status, 404, `${name}:${reference} answers ${status} after its deletion`);
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const basic = Buffer.from(`${this.user}:${await this.password()}`).toString("base64");
    headers.set("authorization", `Basic ${basic}`);
    return fetch(`${this.origin}${path}`, { ...init, headers, signal: AbortSignal.timeout(30_000) });
  }
}
