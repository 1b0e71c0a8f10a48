import type { RepositoryName } from "@stowage/model";
import type { ImageRowId, MetadataReads, RepositoryRowId } from "@stowage/registry";
import { dataPaths, openSqlite } from "@stowage/storage";
import type { BenchCase, BenchContext, CaseFindings } from "../harness/case.ts";
import { RegistryDoor } from "../harness/doors.ts";
import { measure, type Measured, median, type Row, takeTurns } from "../harness/measure.ts";
import { LARGE_REPOSITORY, SEEDED_REGISTRY, seededTag, SMALL_REPOSITORY } from "../harness/seed.ts";
import { type RunningStowage, startStowage } from "../harness/stowage.ts";

const PAGE = 1_000;
const PAGES_A_RUN = 100;
/** After which the server's code is compiled, and the pages are in its caches. */
const WARMING_RUNS = 2;
/** How far a short run walks, since a page token is only had from the page before. */
const SHORT_WALK_PAGES = 100;
/** "The same", with room for what the machine does besides. */
const SAME_COST = 1.25;

export const listPage: BenchCase = {
  name: "list-page",
  title: "A page of 1,000 images: 1,000,000 images in the repository against 1,000",
  run: runCase,
};

async function runCase(context: BenchContext): Promise<CaseFindings> {
  const seeded = await context.seeded();
  const driver = await throughDriver(context, seeded.data);
  const doors = await throughDoors(context, seeded.data);
  const walked = (doors.walkedPages * PAGE).toLocaleString("en-US");
  return {
    rows: [...driver, ...doors.rows],
    notes: [
      `Milliseconds for one page, the median of ${PAGES_A_RUN} in each run. The same page is asked for again and again: the one ` +
        "page of the repository of 1,000 images, and one of the repository of 1,000,000 that lies in its middle " +
        `(for ListImages and DescribeImages behind its first ${walked} images, as page tokens come one from another). ` +
        "One database holds both repositories.",
      "Walks ask for each page once, and so find none in a cache of the database's.",
      `Seeding took ${seeded.seconds.toFixed(0)} s through the metadata driver.`,
    ],
  };
}

/** @returns how many items the page has */
type ReadPage = () => Promise<number>;

interface Pages {
  readonly what: string;
  readonly pid?: number;
  readonly small: ReadPage;
  readonly large: ReadPage;
}

async function compare(context: BenchContext, { what, pid, small, large }: Pages): Promise<Row> {
  const run = (read: ReadPage) => (): Promise<Measured> =>
    measure(pid, async () => {
      const times: number[] = [];
      for (let count = 0; count < PAGES_A_RUN; count += 1) {
        const startedMs = performance.now();
        const items = await read();
        times.push(performance.now() - startedMs);
        if (items !== PAGE) throw new Error(`${what}: a page has ${items} items`);
      }
      return median(times);
    });
  for (let warming = 0; warming < WARMING_RUNS; warming += 1) {
    await run(small)();
    await run(large)();
  }
  const [subject, compared] = await takeTurns(
    [
      { who: "1,000,000 images", run: run(large) },
      { who: "1,000 images", run: run(small) },
    ],
    context.rounds,
  );
  if (subject === undefined || compared === undefined) throw new Error("nothing was measured");
  const target = { of: "ratio", atMost: SAME_COST } as const;
  return { what, unit: "ms a page", better: "less", subject, compared, ratio: "cost", target };
}

async function throughDriver(context: BenchContext, data: string): Promise<Row[]> {
  const metadata = await openSqlite({ path: dataPaths(data).database });
  try {
    const small = await place(metadata, SMALL_REPOSITORY);
    const large = await place(metadata, LARGE_REPOSITORY);
    const rows: Row[] = [];
    for (const [what, read] of Object.entries(driverReads)) {
      const reader = (at: Place) => async () => (await read(metadata, at)).length;
      rows.push(await compare(context, { what: `driver: ${what}`, small: reader(small), large: reader(large) }));
    }
    return rows;
  } finally {
    await metadata.close();
  }
}

/** A page in the middle of a seeded repository; its images have consecutive row ids. */
interface Place {
  readonly id: RepositoryRowId;
  readonly firstImage: ImageRowId;
  /** Number of the image with which the page begins. */
  readonly start: number;
}

const driverReads = {
  "images.listIds (ListImages)": ({ images }: MetadataReads, { id, firstImage, start }: Place) =>
    images.listIds(id, { after: { imageId: firstImage + start - 1 }, limit: PAGE }),
  "images.list and tagsOf (DescribeImages)": async ({ images }: MetadataReads, { id, firstImage, start }: Place) => {
    const rows = await images.list(id, { after: firstImage + start - 1, limit: PAGE });
    return images.tagsOf(rows.map((row) => row.id));
  },
  "images.listTags (tags/list)": ({ images }: MetadataReads, { id, start }: Place) =>
    images.listTags(id, { ...(start > 0 && { after: seededTag(start - 1) }), limit: PAGE }),
};

async function place(
  metadata: MetadataReads,
  { name, images }: { readonly name: string; readonly images: number },
): Promise<Place> {
  const repository = await metadata.repositories.find(SEEDED_REGISTRY, name as RepositoryName);
  if (repository === undefined) throw new Error(`there is no repository ${name}`);
  const [first] = await metadata.images.list(repository.id, { limit: 1 });
  if (first === undefined) throw new Error(`the repository ${name} is empty`);
  return { id: repository.id, firstImage: first.id, start: middle(images) };
}

function middle(images: number): number {
  return Math.floor((images - PAGE) / 2);
}

/** The operations of ECR that list images, with what occurs once in their answer for each. */
const OPERATIONS = [
  { operation: "ListImages", marker: '"imageDigest"' },
  { operation: "DescribeImages", marker: '"imagePushedAt"' },
] as const;

interface DoorFindings {
  readonly rows: readonly Row[];
  readonly walkedPages: number;
}

async function throughDoors(context: BenchContext, data: string): Promise<DoorFindings> {
  const server = await startStowage({ data });
  context.cleanups.defer(() => server.process.stop().then(() => undefined));
  context.cleanups.defer(() => server.api.close());
  const { pid } = server.process;
  const walkedPages = context.full ? LARGE_REPOSITORY.images / PAGE - 1 : SHORT_WALK_PAGES;
  const rows: Row[] = [];
  for (const { operation, marker } of OPERATIONS) {
    const { run, nextToken } = await walk(server, operation, walkedPages);
    const read = (input: object): ReadPage => {
      const body = JSON.stringify({ ...input, maxResults: PAGE });
      return async () => (await server.api.callText(operation, body)).split(marker).length - 1;
    };
    const small = read({ repositoryName: SMALL_REPOSITORY.name });
    const large = read({ repositoryName: LARGE_REPOSITORY.name, nextToken });
    rows.push(await compare(context, { what: operation, pid, small, large }), {
      what: `${operation}, a walk of ${walkedPages} pages`,
      unit: "ms a page",
      better: "less",
      subject: { who: "1,000,000 images", runs: [run] },
    });
  }
  const door = new RegistryDoor(server);
  context.cleanups.defer(() => door.close());
  const tagsPage = ({ name, images }: typeof SMALL_REPOSITORY): ReadPage => {
    const last = middle(images) === 0 ? "" : `&last=${seededTag(middle(images) - 1)}`;
    const target = `/v2/${name}/tags/list?n=${PAGE}${last}`;
    return async () => {
      const { bytes } = await door.expect(200, target, { method: "GET" });
      return bytes.toString("utf8").split('"build-').length - 1;
    };
  };
  rows.push(
    await compare(context, {
      what: "GET /v2/NAME/tags/list",
      pid,
      small: tagsPage(SMALL_REPOSITORY),
      large: tagsPage(LARGE_REPOSITORY),
    }),
  );
  return { rows, walkedPages };
}

/** Lists the large repository page by page. @returns the median of the pages' times, and the token of the page behind */
async function walk(
  { api, process: { pid } }: RunningStowage,
  operation: string,
  pages: number,
): Promise<{ readonly run: Measured; readonly nextToken: string }> {
  let nextToken: string | undefined;
  const run = await measure(pid, async () => {
    const times: number[] = [];
    for (let page = 0; page < pages; page += 1) {
      const after = nextToken === undefined ? {} : { nextToken };
      const body = JSON.stringify({ repositoryName: LARGE_REPOSITORY.name, maxResults: PAGE, ...after });
      const startedMs = performance.now();
      const text = await api.callText(operation, body);
      times.push(performance.now() - startedMs);
      nextToken = /"nextToken"\s*:\s*"([^"]+)"/.exec(text)?.[1];
      if (nextToken === undefined) throw new Error(`${operation}: page ${page + 1} of ${pages} is the last`);
    }
    return median(times);
  });
  if (nextToken === undefined) throw new Error("a walk has at least one page");
  return { run, nextToken };
}
