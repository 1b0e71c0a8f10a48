import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { bundle } from "./runtimes/bundle.ts";

/** Minified and compressed size of a program, in bytes, and what it is made of. */
async function bundledBytes(build: "node" | "web", program: string): Promise<{ bytes: number; modules: string[] }> {
  const { code, modules } = await bundle(build, program, { minify: true });
  return { bytes: gzipSync(code).length, modules };
}

const whole = 'export * from "@stowage/client";';
const one = `import { batchGetImage, connect } from "@stowage/client";
export const get = (options, input) => batchGetImage(connect(options), input);`;

it.each(["node", "web"] as const)("the whole client for %s is under 40 kB", async (build) => {
  const { bytes, modules } = await bundledBytes(build, whole);
  expect(bytes).toBeLessThan(40_000);
  expect(bytes).toBeGreaterThan(5000);
  expect(modules.filter((name) => /constraints|sentences|\/ecr\/table\//.test(name))).toEqual([]);
});

it.each(["node", "web"] as const)("a program for %s that calls one operation is under 12 kB", async (build) => {
  const { bytes, modules } = await bundledBytes(build, one);
  expect(bytes).toBeLessThan(12_000);
  expect(bytes).toBeGreaterThan(2000);
  expect(modules.filter((name) => /\/table\/(?!base64)|\/admin|platform-ecr-client/.test(name))).toEqual([]);
});
