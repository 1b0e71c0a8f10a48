import {
  connect,
  create,
  listImages,
  metadataOf,
  NoAnswerError,
  RepositoryNotFoundException,
  TimeoutError,
} from "@stowage/client";
import type { EcrClient } from "@stowage/client";
import type { Exercise, Steps } from "./steps.ts";
import { failureOf } from "./outcomes.ts";

export interface EcrStage extends Exercise {
  readonly ecr: EcrClient;
}

const LAYER_BYTES = 100 * 1024;

/** What a client for ECR must be able to do in every runtime. */
export const ecrSteps: Steps<EcrStage> = {
  "creates repositories and reads their times": async ({ ecr }) => {
    for (const name of ["a", "b", "c"]) await ecr.createRepository({ repositoryName: `runtimes/${name}` });
    const { repositories = [] } = await ecr.DescribeRepositories({ repositoryNames: ["runtimes/a"] });
    return repositories[0]?.createdAt instanceof Date;
  },
  "reads lists page by page": async ({ ecr }) => {
    const names: unknown[] = [];
    for await (const one of ecr.paginate.describeRepositories({ maxResults: 1 }).items())
      names.push(one.repositoryName);
    return ["a", "b", "c"].every((name) => names.includes(`runtimes/${name}`));
  },
  "throws errors as classes, with metadata": async ({ ecr }) => {
    const error = await failureOf(ecr.listImages({ repositoryName: "runtimes/none" }));
    return error instanceof RepositoryNotFoundException && metadataOf(error)?.attempts === 1;
  },
  "uploads a layer of 100 KiB": async ({ ecr }) => {
    const repositoryName = "runtimes/a";
    const layerPartBlob = new Uint8Array(LAYER_BYTES).fill(7);
    const { uploadId = "" } = await ecr.initiateLayerUpload({ repositoryName });
    await ecr.uploadLayerPart({
      repositoryName,
      uploadId,
      partFirstByte: 0,
      partLastByte: LAYER_BYTES - 1,
      layerPartBlob,
    });
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", layerPartBlob));
    const digest = `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    const { layerDigest } = await ecr.completeLayerUpload({ repositoryName, uploadId, layerDigests: [digest] });
    return layerDigest === digest;
  },
  "presigns a call that anyone may send": async ({ ecr }) => {
    const { url, ...request } = await ecr.presign("describeRepositories", {});
    return (await fetch(url, request)).status === 200;
  },
  "calls an operation by itself": async ({ options }) => {
    const { imageIds } = await listImages(connect(options), { repositoryName: "runtimes/a" });
    return Array.isArray(imageIds);
  },
  "gives up after the time limit": async ({ options, silentEndpoint }) => {
    const silent = create({ ...options, endpoint: silentEndpoint, timeoutMs: 200, maxAttempts: 1 });
    return (await failureOf(silent.describeRegistry())) instanceof TimeoutError;
  },
  "stops when its signal aborts": async ({ options, silentEndpoint }) => {
    const controller = new AbortController();
    const call = create({ ...options, endpoint: silentEndpoint }).describeRegistry({}, { signal: controller.signal });
    const reason = new Error("enough");
    controller.abort(reason);
    return (await failureOf(call)) === reason;
  },
  "tells that nobody answers": async ({ options }) => {
    const nobody = create({ ...options, endpoint: "http://127.0.0.1:1", maxAttempts: 1 });
    return (await failureOf(nobody.describeRegistry())) instanceof NoAnswerError;
  },
};
