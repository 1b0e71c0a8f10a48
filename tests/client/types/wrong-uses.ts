import { EcrClient, listImages, paginateListImages, waitUntilImageScanComplete } from "@stowage/client";
import type { EcrConnection, ImageIdentifier, ListImagesResponse, Pages } from "@stowage/client";

const app = { repositoryName: "app" };

/** Never run: that the compiler complains where it must is the test. */
export async function useWrongly(ecr: EcrClient, connection: EcrConnection): Promise<void> {
  const answer = await ecr.describeImages(app);
  // @ts-expect-error -- an answer has no such member
  void answer.noSuchMember;
  // @ts-expect-error -- a list may be absent
  void answer.imageDetails.length;
  const pushedAt: Date | undefined = answer.imageDetails?.[0]?.imagePushedAt;
  // @ts-expect-error -- a time is a Date
  const pushedText: string | undefined = answer.imageDetails?.[0]?.imagePushedAt;
  void [pushedAt, pushedText];

  // @ts-expect-error -- the input has required members
  await ecr.listImages();
  // @ts-expect-error -- an enum has no such value
  await ecr.createRepository({ ...app, imageTagMutability: "SOMETIMES" });
  // @ts-expect-error -- nor has one inside a structure
  await ecr.listImages({ ...app, filter: { tagStatus: "MAYBE" } });
  // @ts-expect-error -- a structure has no such member
  await ecr.batchGetImage({ ...app, imageIds: [{ digest: "sha256:" }] });
  // @ts-expect-error -- a call has no such option
  await ecr.listImages(app, { timeout: 5 });
  // @ts-expect-error -- there is no such operation
  await ecr.listImage(app);

  // @ts-expect-error -- what stands alone needs a connection
  await listImages(app);
  const alone: ListImagesResponse = await listImages(connection, app);
  void alone;

  const pages: Pages<ListImagesResponse, ImageIdentifier> = ecr.paginate.listImages(app);
  void [pages, paginateListImages(connection, app), ecr.paginate.describeRepositories()];
  // @ts-expect-error -- not every list has a paginator
  void ecr.paginate.listImageReferrers;
  // @ts-expect-error -- the input has required members
  void ecr.paginate.listImages();
  // @ts-expect-error -- an item of a page is no page
  for await (const page of ecr.paginate.listImages(app).items()) void page.imageIds;

  await waitUntilImageScanComplete(connection, { ...app, imageId: {} }, { delaySeconds: 1, maxPolls: 2 });
  // @ts-expect-error -- there are two waiters
  void ecr.waitUntil.imagePushed;
  // @ts-expect-error -- the image is required
  await ecr.waitUntil.imageScanComplete(app);

  await ecr.presign("ListImages", app);
  await ecr.presign("listImages", app, { expiresSeconds: 1 });
  // @ts-expect-error -- the input belongs to the operation
  await ecr.presign("putImage", app);
  // @ts-expect-error -- there is no such operation
  await ecr.presign("list_images", app);
}

/** What a client may be made with. */
export function makeWrongly(): readonly EcrClient[] {
  return [
    new EcrClient(),
    new EcrClient({ credentials: () => Promise.resolve({ accessKeyId: "a", secretAccessKey: "b" }) }),
    // @ts-expect-error -- a provider answers later
    new EcrClient({ credentials: () => ({ accessKeyId: "a", secretAccessKey: "b" }) }),
    // @ts-expect-error -- a key has two halves
    new EcrClient({ credentials: { accessKeyId: "a" } }),
    // @ts-expect-error -- there is no such option
    new EcrClient({ retries: 3 }),
  ];
}
