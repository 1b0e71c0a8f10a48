import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, type Answer } from "./client.ts";
import { openServer, type OciServer } from "./server.ts";

const DIGEST = `sha256:${"0".repeat(64)}`;
const UPLOAD = "0f8fad5b-d9cb-469f-a165-70867728950e";
/** Another account's registry, by name. */
const ELSEWHERE = { host: "111111111111.dkr.ecr.us-east-1.amazonaws.com" };

let server: OciServer;

beforeAll(async () => {
  server = await openServer();
  await server.createRepository("accounts/app");
});

afterAll(() => server.close());

function send(method: string, path: string, headers: Readonly<Record<string, string>> = ELSEWHERE): Promise<Answer> {
  return server.client.send(method, path, { headers, ...(method.startsWith("P") && { body: "{}" }) });
}

describe("another account's registry refuses every action, with the name of the action", () => {
  test.each([
    ["GET", "/v2/accounts/app/manifests/latest", "ecr:BatchGetImage"],
    ["PUT", "/v2/accounts/app/manifests/latest", "ecr:PutImage"],
    ["DELETE", "/v2/accounts/app/manifests/latest", "ecr:BatchDeleteImage"],
    ["GET", `/v2/accounts/app/blobs/${DIGEST}`, "ecr:GetDownloadUrlForLayer"],
    ["POST", "/v2/accounts/app/blobs/uploads/", "ecr:InitiateLayerUpload"],
    ["POST", `/v2/accounts/app/blobs/uploads/?digest=${DIGEST}`, "ecr:InitiateLayerUpload"],
    ["GET", `/v2/accounts/app/blobs/uploads/${UPLOAD}`, "ecr:UploadLayerPart"],
    ["PATCH", `/v2/accounts/app/blobs/uploads/${UPLOAD}`, "ecr:UploadLayerPart"],
    ["PUT", `/v2/accounts/app/blobs/uploads/${UPLOAD}?digest=${DIGEST}`, "ecr:CompleteLayerUpload"],
    ["DELETE", `/v2/accounts/app/blobs/uploads/${UPLOAD}`, "ecr:UploadLayerPart"],
    ["GET", "/v2/accounts/app/tags/list", "ecr:ListImages"],
    ["GET", `/v2/accounts/app/referrers/${DIGEST}`, "ecr:ListImageReferrers"],
  ])("%s %s", async (method, path, action) => {
    const answer = await send(method, path);
    expect(answer.status).toBe(403);
    const { code, message } = errorOf(answer);
    expect(code).toBe("DENIED");
    expect(message).toBe(
      `User: arn:aws:iam::000000000000:root is not authorized to perform: ${action} on resource: ` +
        `arn:aws:ecr:us-east-1:111111111111:repository/accounts/app because no resource-based policy allows the ${action} action`,
    );
  });

  test.each([
    ["HEAD", "/v2/accounts/app/manifests/latest"],
    ["HEAD", `/v2/accounts/app/blobs/${DIGEST}`],
  ])("%s %s is refused without a text", async (method, path) => {
    const answer = await send(method, path);
    expect(answer.status).toBe(403);
    expect(answer.body).toHaveLength(0);
  });

  test("what is there and what is not are refused alike", async () => {
    const [known, unknown] = [
      await send("GET", "/v2/accounts/app/tags/list"),
      await send("GET", "/v2/accounts/no/tags/list"),
    ];
    expect(unknown.status).toBe(known.status);
    expect(errorOf(unknown).message.replace("accounts/no", "accounts/app")).toBe(errorOf(known).message);
  });
});

test("the catalog leaves out what the caller may not describe", async () => {
  const own = await send("GET", "/v2/_catalog", {});
  expect(JSON.parse(own.body.toString())).toEqual({ repositories: ["accounts/app"] });
  const other = await send("GET", "/v2/_catalog");
  expect(other.status).toBe(200);
  expect(JSON.parse(other.body.toString())).toEqual({ repositories: [] });
});

test("the account's own name and a plain one lead to the same registry", async () => {
  const host = "000000000000.dkr.ecr.us-east-1.amazonaws.com";
  expect((await send("GET", "/v2/accounts/app/tags/list", { host })).status).toBe(200);
  expect((await send("GET", "/v2/accounts/app/tags/list", {})).status).toBe(200);
});

test("a token of another region than the host's is 401", async () => {
  const answer = await send("GET", "/v2/", { host: "000000000000.dkr.ecr.eu-west-1.amazonaws.com" });
  expect(answer.status).toBe(401);
});
