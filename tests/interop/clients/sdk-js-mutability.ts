import { CreateRepositoryCommand, PutImageCommand, PutImageTagMutabilityCommand } from "@aws-sdk/client-ecr";
import assert from "node:assert/strict";
import { makeImage } from "../images.ts";
import type { Context } from "../scenario.ts";
import { pushImage, refused } from "./sdk-js-layers.ts";

/** Tags move, or stay, as the repository's mode and its filters say. */
export async function checkMutability(context: Context): Promise<void> {
  const { ecr } = context.registry;
  const repositoryName = context.repository("modes");
  const [before, after] = [makeImage(), makeImage()];
  const filters = (filter: string) => [{ filterType: "WILDCARD" as const, filter }];
  const move = (imageTag: string): Promise<unknown> =>
    ecr.send(
      new PutImageCommand({ repositoryName, imageTag, imageManifest: Buffer.from(after.manifest.bytes).toString() }),
    );

  const create = new CreateRepositoryCommand({
    repositoryName,
    imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
    imageTagMutabilityExclusionFilters: filters("dev-*"),
  });
  const { repository } = await ecr.send(create);
  assert.equal(repository?.imageTagMutability, "IMMUTABLE_WITH_EXCLUSION");
  assert.deepEqual(repository.imageTagMutabilityExclusionFilters, filters("dev-*"));
  await pushImage(ecr, repositoryName, after);
  for (const tag of ["v1", "dev-1", "release-1"]) await pushImage(ecr, repositoryName, before, tag);

  const text = new RegExp(
    `^The image tag 'v1' already exists in the '${repositoryName}' repository and cannot be overwritten because the tag is immutable\\.$`,
  );
  await refused(move("v1"), "ImageTagAlreadyExistsException", text);
  await move("dev-1");
  await context.registry.expectManifest(repositoryName, "dev-1", after.manifest.digest);

  const mode = { repositoryName, imageTagMutability: "MUTABLE_WITH_EXCLUSION" as const };
  await refused(ecr.send(new PutImageTagMutabilityCommand(mode)), "InvalidParameterException");
  const inverse = { ...mode, imageTagMutabilityExclusionFilters: filters("release-*") };
  await ecr.send(new PutImageTagMutabilityCommand(inverse));
  await refused(move("release-1"), "ImageTagAlreadyExistsException");
  await move("v1");
  await ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: "MUTABLE" }));
  await move("release-1");
}
