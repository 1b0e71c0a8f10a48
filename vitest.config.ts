import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@stowage/source"] },
  ssr: { resolve: { conditions: ["@stowage/source", "node", "import", "default"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "tests/{wire,conformance,gates,cli,client}/**/*.test.ts"],
    reporters: ["default", "./scripts/closing-line.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
