import { expect, it } from "vitest";

it("runs on the Node that the project brings", () => {
  expect(Number(process.versions.node.split(".")[0])).toBe(26);
});
