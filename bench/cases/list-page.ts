import type { RepositoryName } from "@stowage/model";
import type { ImageRowId, MetadataReads, RepositoryRowId } from "@stowage/registry";
import { openSqlite } from "@stowage/storage";
import { join } from "node:path";
import type { BenchCase, BenchContext, CaseFindings } from "../harness/case.ts";
import { RegistryDoor } from "../harness/doors.ts";
import { measure, type Row, takeTurns } from "../harness/measure.ts";
import { LARGE_REPOSITORY, SEEDED_REGISTRY, seededTag, SMALL_REPOSITORY } from "../harness/seed.ts";
import { type RunningStowage, startStowage } from "../harness/stowage.ts";

const PAGE = 1_000;
const PAGES_A_RUN = 40;
/** How deep the pages of a short run lie, since a page token is only had from the page before. */
const SHORT_WALK_PAGES = 60;
/** "The same", with room for what the machine does besides. */
const SAME_COST = 1.25;

export const listPage: BenchCase = {
  name: "list-page",
  title: "A page of 1,000 images: 1,000,000 images in the repository against 1,000",
  run: runCase,
};

async function runCase(context: BenchContext): Promise<CaseFindings> {
  const seeded = await context.seeded();
  const count = LARGE_REPOSITORY.images.toLocaleString("en-US");
  const driver = await throughDriver(context, seeded.data);
  const doors = await throughDoors(context, seeded.data);
  return {
    rows: [...driver, ...doors.rows],
    notes: [
      `Milliseconds for one page, the mean of ${PAGES_A_RUN} pages a run; in the repository of ${count} images each from ` +
        "another place, in that of 1,000 the one page that there is. One database holds both.",
      `The driver's and tags/list's pages come from all over the repository, those of ListImages and DescribeImages from its ` +
        `first ${(doors.walkedPages * PAGE).toLocaleString("en-US")} images.`,
      `Seeding took ${seeded.seconds.toFixed(0)} s through the metadata driver.`,
    ],
  };
}

/** Reads a page that begins at the given share of the repository. @returns its items */
type ReadPage = (share: number) => Promise<number>;

async function compare(
  context: BenchContext,
  pages: { readonly what: string; readonly pid?: number; readonly small: ReadPage; readonly large: ReadPage },
): Promise<Row> {
  const run = (read: ReadPage) => () =>
    measure(pages.pid, async () => {
      const startedMs = performance.now();
      for (let at = 0; at < PAGES_A_RUN; at += 1) {
        const items = await read(at / PAGES_A_RUN);
        if (items !== PAGE) throw new Error(`${pages.what}: a page has ${items} items`);
      }
      return (performance.now() - startedMs) / PAGES_A_RUN;
    });
  await run(pages.small)();
  await run(pages.large)();
  const [subject, compared] = await takeTurns(
    [
      { who: "1,000,000 images", run: run(pages.large) },
      { who: "1,000 images", run: run(pages.small) },
    ],
    context.rounds,
  );
  if (subject === undefined || compared === undefined) throw new Error("nothing was measured");
  const target = { of: "ratio", atMost: SAME_COST } as const;
  return { what: pages.what, unit: "ms a page", better: "less", subject, compared, ratio: "cost", target };
}

async function throughDriver(context: BenchContext, data: string): Promise<Row[]> {
  const metadata = await openSqlite({ path: join(data, "metadata.sqlite") });
  try {
    const small = await place(metadata, SMALL_REPOSITORY);
    const large = await place(metadata, LARGE_REPOSITORY);
    const rows: Row[] = [];
    for (const [what, read] of Object.entries(driverReads)) {
      const reader = (at: Place) => async (share: number) => (await read(metadata, at, share)).length;
      rows.push(await compare(context, { what: `driver: ${what}`, small: reader(small), large: reader(large) }));
    }
    return rows;
  } finally {
    await metadata.close();
  }
}

/** A seeded repository; its images have consecutive row ids. */
interface Place {
  readonly id: RepositoryRowId;
  readonly images: number;
  readonly firstImage: ImageRowId;
}

const driverReads = {
  "images.listIds (ListImages)": ({ images }: MetadataReads, { id, ...place }: Place, share: number) =>
    images.listIds(id, { after: { imageId: before(place, share) }, limit: PAGE }),
  "images.list and tagsOf (DescribeImages)": async (
    { images }: MetadataReads,
    { id, ...place }: Place,
    share: number,
  ) => {
    const rows = await images.list(id, { after: before(place, share), limit: PAGE });
    return images.tagsOf(rows.map((row) => row.id));
  },
  "images.listTags (tags/list)": ({ images }: MetadataReads, { id, ...place }: Place, share: number) =>
    images.listTags(id, { after: seededTag(pageStart(place.images, share) - 1), limit: PAGE }),
};

function before({ images, firstImage }: Omit<Place, "id">, share: number): ImageRowId {
  return firstImage - 1 + pageStart(images, share);
}

/** Number of the image with which the page begins; no page is cut short by the end. */
function pageStart(images: number, share: number): number {
  return Math.floor((images - PAGE) * share);
}

async function place(
  metadata: MetadataReads,
  { name, images }: { readonly name: string; readonly images: number },
): Promise<Place> {
  const repository = await metadata.repositories.find(SEEDED_REGISTRY, name as RepositoryName);
  if (repository === undefined) throw new Error(`there is no repository ${name}`);
  const [first] = await metadata.images.list(repository.id, { limit: 1 });
  if (first === undefined) throw new Error(`the repository ${name} is empty`);
  return { id: repository.id, images, firstImage: first.id };
}

async function throughDoors(
  context: BenchContext,
  data: string,
): Promise<{ readonly rows: readonly Row[]; readonly walkedPages: number }> {
  const server = await startStowage({ data });
  context.cleanups.defer(() => server.process.stop().then(() => undefined));
  context.cleanups.defer(() => server.api.close());
  const { pid } = server.process;
  const walkedPages = context.full ? LARGE_REPOSITORY.images / PAGE : SHORT_WALK_PAGES;
  const rows: Row[] = [];
  for (const [operation, list] of [
    ["ListImages", "imageIds"],
    ["DescribeImages", "imageDetails"],
  ] as const) {
    const tokens = await pageTokens(server, operation, walkedPages);
    const read = (repositoryName: string, tokenAt: (share: number) => string | undefined): ReadPage => {
      const marker = list === "imageIds" ? '"imageDigest"' : '"imagePushedAt"';
      return async (share) => {
        const nextToken = tokenAt(share);
        const input = { repositoryName, maxResults: PAGE, ...(nextToken === undefined ? {} : { nextToken }) };
        return server.api.callText(operation, JSON.stringify(input)).then((text) => text.split(marker).length - 1);
      };
    };
    rows.push(
      await compare(context, {
        what: `POST / ${operation}`,
        pid,
        small: read(SMALL_REPOSITORY.name, () => undefined),
        large: read(LARGE_REPOSITORY.name, (share) => tokens[Math.floor(share * tokens.length)]),
      }),
    );
  }
  const door = new RegistryDoor(server);
  context.cleanups.defer(() => door.close());
  const tagsPage = (name: string, images: number) => async (share: number) => {
    const start = pageStart(images, share);
    const last = start === 0 ? "" : `&last=${seededTag(start - 1)}`;
    const { bytes } = await door.expect(200, `/v2/${name}/tags/list?n=${PAGE}${last}`, { method: "GET" });
    return bytes.toString("utf8").split('"build-').length - 1;
  };
  rows.push(
    await compare(context, {
      what: "GET /v2/NAME/tags/list",
      pid,
      small: tagsPage(SMALL_REPOSITORY.name, SMALL_REPOSITORY.images),
      large: tagsPage(LARGE_REPOSITORY.name, LARGE_REPOSITORY.images),
    }),
  );
  return { rows, walkedPages };
}

/** The token of each page but the first, as the pages before handed them out. */
async function pageTokens(server: RunningStowage, operation: string, pages: number): Promise<string[]> {
  const tokens: string[] = [];
  let nextToken: string | undefined;
  while (tokens.length < pages - 1) {
    const input = {
      repositoryName: LARGE_REPOSITORY.name,
      maxResults: PAGE,
      ...(nextToken === undefined ? {} : { nextToken }),
    };
    const text = await server.api.callText(operation, JSON.stringify(input));
    nextToken = /"nextToken"\s*:\s*"([^"]+)"/.exec(text)?.[1];
    if (nextToken === undefined) throw new Error(`${operation}: page ${tokens.length + 1} is the last`);
    tokens.push(nextToken);
  }
  return tokens;
}
