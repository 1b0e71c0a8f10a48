import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openRecorder } from "./recorder.ts";
import type { Recorder } from "./recorder.ts";

const run = promisify(execFile);
const facade = join(import.meta.dirname, "../../packages/client/src/node/datafire.ts");

let recorder: Recorder;
beforeAll(async () => {
  recorder = await openRecorder();
});
afterAll(() => recorder.close());

it("answers a CommonJS script that was written for DataFire's integration", async () => {
  recorder.answer = { status: 200, body: '{"repositories":[{"repositoryName":"app","createdAt":0.5}]}' };
  const script = `
    let amazonaws_ecr = require(${JSON.stringify(facade)}).create({
      accessKeyId: "AKID", secretAccessKey: "secret", region: "eu-west-1", endpoint: ${JSON.stringify(recorder.endpoint)}
    });
    amazonaws_ecr.DescribeRepositories({ "repositoryNames": ["app"] }, {}).then(data => console.log(JSON.stringify(data)));
  `;
  const flags = ["--conditions=@stowage/source", "--input-type=commonjs", "-e", script];
  const { stdout } = await run(process.execPath, flags);
  expect(JSON.parse(stdout)).toEqual({
    repositories: [{ repositoryName: "app", createdAt: "1970-01-01T00:00:00.500Z" }],
  });
  const [request] = recorder.take();
  expect(request?.headers["x-amz-target"]).toBe("AmazonEC2ContainerRegistry_V20150921.DescribeRepositories");
  expect(request?.body.toString()).toBe('{"repositoryNames":["app"]}');
});
