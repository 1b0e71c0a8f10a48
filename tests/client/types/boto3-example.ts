import { create, RepositoryNotFoundException } from "@stowage/client";

const ecr = create({ region: "eu-west-1", profile: "team" });
try {
  for await (const image of ecr.paginate.describeImages({ repositoryName: "team/app" }).items()) {
    console.log(image.imageDigest, image.imagePushedAt?.toISOString());
  }
} catch (error) {
  if (!(error instanceof RepositoryNotFoundException)) throw error;
  console.error(error.message);
}
