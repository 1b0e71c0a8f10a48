import { randomUUID } from "node:crypto";
import { createConnection, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MIB } from "./fixtures.ts";
import { TARGET, call, post, refused, type RawOptions } from "./raw.ts";
import { isLocal, openService, type Service } from "./service.ts";

let service: Service;
beforeAll(async () => void (service = await openService()));
afterAll(() => service.close());

const unrecognized = {
  status: 400,
  name: "UnrecognizedClientException",
  message: "The security token included in the request is invalid.",
};

describe("the envelope (A2, C1)", () => {
  it("of an answer: type, request id, body", async () => {
    const { status, headers, json } = await call(service, "DescribeRegistry", {});
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/x-amz-json-1.1");
    expect(headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(json["registryId"]).toBe(service.caller.accountId);
  });

  it("of an error: __type, message, the header, and again a request id", async () => {
    const { status, headers, json } = await call(service, "ListImages", { repositoryName: service.freshName() });
    expect(status).toBe(400);
    expect(headers.get("content-type")).toBe("application/x-amz-json-1.1");
    expect(headers.get("x-amzn-errortype")).toBe("RepositoryNotFoundException");
    expect(headers.get("x-amzn-requestid")).toBeTruthy();
    expect(Object.keys(json)).toEqual(["__type", "message"]);
  });

  it("every request has an id of its own", async () => {
    const ids = await Promise.all(
      [1, 2, 3].map(async () => (await call(service, "DescribeRegistry", {})).headers.get("x-amzn-requestid")),
    );
    expect(new Set(ids).size).toBe(3);
  });
});

describe("the target (A2)", () => {
  it.each([
    ["another operation", `${TARGET}DropRepository`],
    ["another case", `${TARGET}listimages`],
    ["no operation", TARGET],
    ["no prefix", "ListImages"],
    ["another version", "AmazonEC2ContainerRegistry_V20200101.ListImages"],
    ["another service", "DynamoDB_20120810.ListTables"],
    ["a prototype's member", `${TARGET}constructor`],
    ["a prototype's other member", `${TARGET}__proto__`],
    ["a long one", `${TARGET}${"x".repeat(5000)}`],
    ["nothing", ""],
  ])("%s is an unknown operation", async (_, target) => {
    const answer = await call(service, "", {}, { headers: { "x-amz-target": target } });
    expect([answer.status, answer.json["__type"]]).toEqual([400, "UnknownOperationException"]);
  });
});

describe("the content type (A2)", () => {
  it.each([
    "application/x-amz-json-1.1",
    "application/x-amz-json-1.0",
    "application/json",
    "Application/X-Amz-Json-1.1; charset=utf-8",
    undefined,
  ])("%s is taken", async (type) => {
    expect((await call(service, "DescribeRegistry", {}, { headers: { "content-type": type } })).status).toBe(200);
  });

  it.each(["text/xml", "application/x-www-form-urlencoded", "multipart/form-data"])("%s is not", async (type) => {
    expect((await call(service, "DescribeRegistry", {}, { headers: { "content-type": type } })).json["__type"]).toBe(
      "UnknownOperationException",
    );
  });
});

describe("the body (C1)", () => {
  it.each([
    ["nothing is an empty object", ""],
    ["an empty object", "{}"],
    ["null counts as absent", '{"maxResults":null,"nextToken":null}'],
    ["members that nobody knows are ignored", '{"unknown":{"a":[1]},"__proto__":{"maxResults":"x"},"constructor":1}'],
    ["whitespace around", " \n{}\r\n\t"],
  ])("%s", async (_, body) => {
    expect((await post(service, "DescribeRepositories", body)).status).toBe(200);
  });

  it.each([
    ["cut off", '{"maxResults":'],
    ["a trailing comma", '{"maxResults":1,}'],
    ["single quotes", "{'maxResults':1}"],
    ["two values", "{}{}"],
    ["a comment", "{}//"],
    ["a list", "[]"],
    ["a text", '"{}"'],
    ["a number", "1"],
    ["NaN", '{"maxResults":NaN}'],
    ["a huge number", '{"maxResults":1e999}'],
    ["a number beyond 32 bits", '{"maxResults":2147483648}'],
    ["form fields", "Action=ListImages"],
    ["a zero byte", "\0{}"],
    ["nested lists without end", "[".repeat(100_000)],
    ["nested objects without end", '{"a":'.repeat(50_000)],
    ["more values than anyone needs", `{"a":[${"1,".repeat(300_000)}1]}`],
  ])("%s is refused", async (_, body) => {
    expect(await refused(post(service, "DescribeRepositories", body))).toMatchObject({
      status: 400,
      name: "SerializationException",
    });
  });

  it("bytes that are not UTF-8 are refused", async () => {
    const body = Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d);
    expect(await refused(post(service, "DescribeRepositories", body))).toMatchObject({
      name: "SerializationException",
    });
  });

  it("a compressed one is refused", async () => {
    expect(
      await refused(post(service, "DescribeRepositories", "{}", { headers: { "content-encoding": "gzip" } })),
    ).toMatchObject({ name: "SerializationException" });
  });

  it("a complaint repeats nothing of what was sent", async () => {
    const { text: answer } = await post(service, "PutImage", '{"imageManifest":"s3cret');
    expect(answer).not.toContain("s3cret");
  });
});

describe("limits of the body (design 4)", () => {
  const padded = (bytes: number): string => `{"padding":"${"x".repeat(bytes - 14)}"}`;

  it.each([
    ["DescribeRegistry", MIB],
    ["PutImage", 28 * MIB],
    ["UploadLayerPart", 28 * MIB],
  ])("%s takes %i bytes and not one more", async (operation, limit) => {
    const fits = await post(service, operation, padded(limit));
    expect(["InvalidParameterException", undefined]).toContain(fits.json["__type"]);
    expect(await refused(post(service, operation, padded(limit + 1)))).toMatchObject({
      status: 413,
      name: "RequestEntityTooLargeException",
    });
  });

  it.runIf(isLocal)("a chunked body is cut off as soon as it is over", async () => {
    const socket = begin(
      "ListImages",
      authorization(service.caller.accessKeyId, "host;x-amz-date;x-amz-target"),
      "Transfer-Encoding: chunked",
    );
    const chunk = "x".repeat(65_536);
    for (let sent = 0; sent <= MIB; sent += chunk.length) socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 /);
  });
});

/** Sends the head of a request and leaves the rest to the case. */
function begin(operation: string, ...headers: string[]): Socket {
  const { hostname, port } = new URL(service.endpoint);
  const socket = createConnection({ host: hostname, port: Number(port) });
  socket.on("error", () => undefined);
  const lines = ["POST / HTTP/1.1", `Host: ${hostname}`, `X-Amz-Target: ${TARGET}${operation}`, ...headers, "", ""];
  socket.write(lines.filter((line, at) => line !== "" || at >= lines.length - 2).join("\r\n"));
  return socket;
}

/** A signature of the present, by whoever has the key, of nothing in particular. */
function authorization(accessKeyId: string, signedHeaders: string): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const credential = `${accessKeyId}/${time.slice(0, 8)}/eu-west-1/ecr/aws4_request`;
  const claim = `Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${"0".repeat(64)}`;
  return `Authorization: AWS4-HMAC-SHA256 ${claim}\r\nX-Amz-Date: ${time}`;
}

describe.runIf(isLocal)("a large body of nobody we know", () => {
  it.each([
    ["without a signature", (): string => "", "MissingAuthenticationTokenException"],
    [
      "under a key that nobody has",
      (): string => authorization("AKIAIOSFODNN7EXAMPLE", "host;x-amz-date;x-amz-target"),
      "UnrecognizedClientException",
    ],
    [
      "with a signature that leaves out what it must not",
      (): string => authorization("AKIAIOSFODNN7EXAMPLE", "host"),
      "InvalidSignatureException",
    ],
  ] as const)("%s is refused before it is sent", async (_, claim, name) => {
    const answer = await text(begin("UploadLayerPart", claim(), `Content-Length: ${28 * MIB}`));
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain(`"__type":"${name}"`);
  });
});

describe("who asks (C1)", () => {
  const ask = (options: RawOptions) => refused(call(service, "DescribeRegistry", {}, options));

  it.runIf(isLocal).each<readonly [string, string | undefined, string]>([
    ["nobody", undefined, "MissingAuthenticationTokenException"],
    ["an empty header", "", "MissingAuthenticationTokenException"],
    ["another way to say who", "Bearer abc", "MissingAuthenticationTokenException"],
    ["half a signature", "AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/ecr/aws4_request", "IncompleteSignature"],
  ])("%s", async (_, authorization, name) => {
    expect(await ask({ unsigned: true, headers: { authorization } })).toMatchObject({ status: 400, name });
  });

  it.runIf(isLocal)("a key that nobody has", async () => {
    const caller = { ...service.caller, accessKeyId: "AKIAIOSFODNN7EXAMPLE" };
    expect(await ask({ caller })).toEqual(unrecognized);
  });

  it.runIf(isLocal).each<readonly [string, () => RawOptions]>([
    ["another secret", () => ({ caller: { ...service.caller, secretAccessKey: "wrong" } })],
    [
      "another body than the signed one",
      () => ({ tamper: (sent) => void (sent.body = new Uint8Array(Buffer.from('{"a":1}'))) }),
    ],
    [
      "another operation than the signed one",
      () => ({ tamper: (sent) => void (sent.headers["x-amz-target"] = `${TARGET}GetAuthorizationToken`) }),
    ],
    ["a signature of twenty minutes ago", () => ({ signingDate: new Date(Date.now() - 1_200_000) })],
    ["a signature of the day after tomorrow", () => ({ signingDate: new Date(Date.now() + 172_800_000) })],
    ["a signature for another service", () => ({ signingService: "s3" })],
  ])("%s", async (_, options) => {
    expect(await ask(options())).toMatchObject({ status: 400, name: "InvalidSignatureException" });
  });

  it("is looked at before what is asked", async () => {
    const { json } = await post(service, "CreateRepository", "no json", { unsigned: true });
    expect(json["__type"]).not.toBe("SerializationException");
  });

  it("is told when the operation does not exist", async () => {
    const { json } = await call(service, "NoSuchOperation", {}, { unsigned: true });
    expect(json["__type"]).toBe("UnknownOperationException");
  });

  it.runIf(isLocal)("what is asked is looked at before who may (C1)", async () => {
    const input = { registryId: service.caller.accountId, repositoryName: "NOT VALID" };
    expect(await refused(call(service, "ListImages", input, { caller: service.stranger! }))).toMatchObject({
      name: "InvalidParameterException",
    });
  });

  it.runIf(isLocal)("learns nothing of another account's repositories", async () => {
    const registryId = service.caller.accountId;
    const names = [await service.repository(), service.freshName()];
    const told = await Promise.all(
      names.map(async (repositoryName) => {
        const { message } = await refused(
          call(service, "ListImages", { registryId, repositoryName }, { caller: service.stranger! }),
        );
        return String(message).replaceAll(repositoryName, "NAME");
      }),
    );
    expect(told[0]).toBe(told[1]);
    expect(told[0]).toContain("is not authorized to perform: ecr:ListImages on resource: arn:aws:ecr:");
  });
});

describe("many at once", () => {
  it("are all answered, each its own", async () => {
    const names = Array.from({ length: 40 }, () => `wire/${randomUUID()}`);
    const answers = await Promise.all(
      names.map((repositoryName) => refused(call(service, "ListImages", { repositoryName }))),
    );
    for (const [index, { message }] of answers.entries()) expect(message).toContain(`'${names[index]}'`);
  });

  it("bodies beyond what is worked on at once wait for their turn", async () => {
    const big = `{"repositoryName":"app","uploadId":"x","padding":"${"x".repeat(20 * MIB)}"}`;
    const answers = await Promise.all(Array.from({ length: 6 }, () => refused(post(service, "UploadLayerPart", big))));
    expect(answers.map(({ name }) => name)).toEqual(Array.from({ length: 6 }, () => "InvalidParameterException"));
  });
});
