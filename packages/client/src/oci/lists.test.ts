import { describe, expect, it } from "vitest";
import { memoryTransport } from "../testing/memory-registry.ts";
import { tags } from "./lists.ts";

/** How many tags a list of so many pages has, and how many pages were asked for. */
async function listed(pageCount: number): Promise<{ readonly count: number | string; readonly asked: number }> {
  let asked = 0;
  const transport = memoryTransport(() => {
    asked += 1;
    const headers = asked < pageCount ? { link: `</v2/a/b/tags/list?page=${asked + 1}>; rel="next"` } : undefined;
    return { body: '{"tags":["x"]}', ...(headers === undefined ? {} : { headers }) };
  });
  let count = 0;
  try {
    for await (const _ of tags(transport, "a/b")) count += 1;
    return { count, asked };
  } catch (error) {
    return { count: String(error), asked };
  }
}

describe("a list", () => {
  it("is read to its end when it has 100,000 pages", async () => {
    expect(await listed(100_000)).toEqual({ count: 100_000, asked: 100_000 });
  }, 30_000);

  it("of one page more is refused, and that page is not asked for", async () => {
    const count = expect.stringMatching(/^InvalidContentError: \/v2\/a\/b\/tags\/list has more than 100000 pages$/);
    expect(await listed(100_001)).toEqual({ count, asked: 100_000 });
  }, 30_000);
});
