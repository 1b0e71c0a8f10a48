import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { expect, it } from "vitest";

const packages = join(import.meta.dirname, "../../packages");
const ENTRY = "virtual:entry";

/** Minified and compressed size of a program, in bytes, as a bundler makes it of the given build. */
async function bundledBytes(build: "node" | "web", program: string): Promise<{ bytes: number; modules: string[] }> {
  const bundle = await rolldown({
    input: ENTRY,
    external: /^node:/,
    resolve: { conditionNames: ["@stowage/source", "import"] },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === ENTRY ? id : id === "client" ? `${packages}/client/src/${build}/index.ts` : null),
        load: (id) => (id === ENTRY ? program : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  await bundle.close();
  const modules = Object.entries(output[0].modules).filter(([, { renderedLength }]) => renderedLength > 0);
  const bytes = output.reduce((sum, part) => sum + gzipSync("code" in part ? part.code : part.source).length, 0);
  return { bytes, modules: modules.map(([name]) => name) };
}

const whole = 'export * from "client";';
const one = `import { batchGetImage, connect } from "client";
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
