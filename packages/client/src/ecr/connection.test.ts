import {
  AccessDeniedException,
  EcrError,
  ecrExceptions,
  InvalidLayerPartException,
  KmsException,
  RepositoryNotFoundException,
  ServerException,
  ThrottlingException,
  UnmodeledError,
} from "@stowage/model";
import { describe, expect, it } from "vitest";
import { refusal, stage } from "../testing/staged.ts";
import { ConfigurationError, NoAnswerError, TimeoutError } from "./failures.ts";
import { metadataOf } from "./metadata.ts";

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** What a promise rejects with. */
async function failureOf(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => new Error("it succeeded"),
    (error: Error) => error,
  );
}

describe("a call", () => {
  it("is a signed POST that names its operation", async () => {
    const { client, sent } = stage([{ body: { repositories: [] } }]);
    expect(await client.describeRepositories({ repositoryNames: ["app"] })).toEqual({ repositories: [] });
    const [request] = sent;
    expect(request).toMatchObject({ method: "POST", url: "https://api.ecr.eu-west-1.amazonaws.com/" });
    expect(text(request?.body)).toBe('{"repositoryNames":["app"]}');
    expect(request?.headers).toMatchObject({
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
      "x-amz-date": "20261121T120000Z",
    });
    expect(request?.headers["authorization"]).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKID\/20261121\/eu-west-1\/ecr\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=[0-9a-f]{64}$/,
    );
  });

  it("sends an empty object when there is no input, and a session token when there is one", async () => {
    const { client, sent } = stage([{}], { sessionToken: "session" });
    await client.DescribeRegistry();
    expect(text(sent[0]?.body)).toBe("{}");
    expect(sent[0]?.headers["x-amz-security-token"]).toBe("session");
  });

  it("may be taken off the client and called by itself", async () => {
    const { client } = stage([{ body: { imageIds: [] } }]);
    const { listImages, ListImages } = client;
    expect(await listImages({ repositoryName: "app" })).toEqual({ imageIds: [] });
    expect(await ListImages({ repositoryName: "app" })).toEqual({ imageIds: [] });
  });

  it("tells the request's id, status, attempts and waits beside its answer", async () => {
    const { client } = stage([refusal("ServerException", { status: 500 }), { headers: { "x-amzn-requestid": "r-1" } }]);
    const answer = await client.describeRegistry({});
    expect(metadataOf(answer)).toEqual({ requestId: "r-1", httpStatus: 200, attempts: 2, retryDelayMs: 25 });
    expect(metadataOf({})).toBeUndefined();
    expect(JSON.stringify(answer)).toBe("{}");
  });

  it("needs a region and both halves of a key", async () => {
    await expect(stage([{}], { region: undefined }).client.describeRegistry({})).rejects.toThrow(ConfigurationError);
    const half = stage([{}], { secretAccessKey: undefined });
    await expect(half.client.describeRegistry({})).rejects.toThrow("go together");
    expect(half.sent).toEqual([]);
  });

  it("asks a provider for credentials before those of the surroundings", async () => {
    const keys = { accessKeyId: undefined, secretAccessKey: undefined };
    const provider = () => Promise.resolve({ accessKeyId: "FROM", secretAccessKey: "provider" });
    const { client, sent } = stage([{}], { ...keys, credentials: provider });
    await client.describeRegistry({});
    expect(sent[0]?.headers["authorization"]).toContain("Credential=FROM/");
    await expect(stage([{}], keys).client.describeRegistry({})).rejects.toThrow("asked for credentials");
  });
});

describe("credentials that the server calls ended", () => {
  it("are asked for anew at the next call", async () => {
    let asked = 0;
    const credentials = () => Promise.resolve({ accessKeyId: `KEY${(asked += 1)}`, secretAccessKey: "s" });
    const turns = [refusal("ExpiredTokenException"), {}, {}];
    const { client, sent } = stage(turns, { accessKeyId: undefined, secretAccessKey: undefined, credentials });
    await expect(client.describeRegistry({})).rejects.toMatchObject({ name: "ExpiredTokenException" });
    await client.describeRegistry({});
    await client.describeRegistry({});
    const keys = sent.map(({ headers }) => /Credential=(\w+)/.exec(headers["authorization"] ?? "")?.[1]);
    expect(keys).toEqual(["KEY1", "KEY2", "KEY2"]);
  });
});

describe("a refusal", () => {
  it.each(Object.entries(ecrExceptions))("%s is thrown as its class", async (name, errorClass) => {
    const error = await failureOf(
      stage([refusal(name)], { maxAttempts: 1 }).client.listImages({ repositoryName: "app" }),
    );
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toBeInstanceOf(EcrError);
    expect([error.name, error.message]).toEqual([name, "told"]);
  });

  it("brings what its exception carries besides the message", async () => {
    const body = {
      __type: "InvalidLayerPartException",
      message: "m",
      uploadId: "u",
      lastValidByteReceived: 9,
      cause: "x",
    };
    const part = await failureOf(stage([{ status: 400, body }]).client.initiateLayerUpload({ repositoryName: "app" }));
    expect(part).toBeInstanceOf(InvalidLayerPartException);
    expect(part).toMatchObject({ uploadId: "u", lastValidByteReceived: 9 });
    expect(part.cause).toBeUndefined();
    const kms = { status: 400, body: { __type: "KmsException", kmsError: "Disabled" } };
    const error = await failureOf(stage([kms]).client.createRepository({ repositoryName: "app" }));
    expect(error instanceof KmsException && error.kmsError).toBe("Disabled");
  });

  it.each([
    [{ __type: "com.amazonaws.ecr#RepositoryNotFoundException:http://internal/", Message: "told" }, {}],
    [{ code: "RepositoryNotFoundException", message: "told" }, {}],
    [{ message: "told" }, { "x-amzn-errortype": "RepositoryNotFoundException:" }],
  ])("names its code in any of AWS's ways: %j %j", async (body, headers) => {
    const error = await failureOf(stage([{ status: 400, body, headers }]).client.listImages({ repositoryName: "app" }));
    expect(error).toBeInstanceOf(RepositoryNotFoundException);
    expect(error.message).toBe("told");
  });

  it("is an error of AWS's common ones, or unmodelled, when ECR's model has no such code", async () => {
    const denied = stage([refusal("AccessDeniedException")]);
    await expect(denied.client.describeRegistry({})).rejects.toThrow(AccessDeniedException);
    const error = await failureOf(stage([refusal("BrandNewException")]).client.describeRegistry({}));
    expect(error).toBeInstanceOf(UnmodeledError);
    expect(error.name).toBe("BrandNewException");
    expect(metadataOf(error)?.httpStatus).toBe(400);
  });

  it("is told by its status when a proxy answered", async () => {
    const proxy = stage([{ status: 502, body: "<html>" }], { maxAttempts: 1 });
    const error = await failureOf(proxy.client.describeRegistry({}));
    expect(error).toMatchObject({ name: "UnknownError", fault: "server", message: "HTTP status 502" });
  });

  it("is not made of a 200 that is no JSON", async () => {
    await expect(stage([{ body: "<html>" }]).client.describeRegistry({})).rejects.toThrow("no JSON object");
  });
});

describe("retries", () => {
  it("send a call three times at most, with growing waits, and sign each anew", async () => {
    const { client, sent, slept } = stage([refusal("ServerException", { status: 500 })]);
    const error = await failureOf(client.describeRegistry({}));
    expect(error).toBeInstanceOf(ServerException);
    expect(sent).toHaveLength(3);
    expect(slept).toEqual([25, 50]);
    expect(metadataOf(error)).toMatchObject({ attempts: 3, retryDelayMs: 75 });
  });

  it("end with the first attempt that succeeds", async () => {
    const { client, sent } = stage([new Error("reset"), refusal("ThrottlingException"), { body: { registryId: "1" } }]);
    expect(await client.describeRegistry({})).toEqual({ registryId: "1" });
    expect(sent).toHaveLength(3);
  });

  it("are as many as the client or the call says", async () => {
    const five = stage([refusal("ThrottlingException")], { maxAttempts: 5 });
    await expect(five.client.describeRegistry({})).rejects.toThrow(ThrottlingException);
    expect(five.sent).toHaveLength(5);
    const once = stage([refusal("ThrottlingException")], { maxAttempts: 5 });
    await expect(once.client.describeRegistry({}, { maxAttempts: 1 })).rejects.toThrow(ThrottlingException);
    expect(once.sent).toHaveLength(1);
  });

  it("wait as long as the server asks", async () => {
    const { client, slept } = stage([{ ...refusal("ThrottlingException"), headers: { "retry-after": "3" } }, {}]);
    await client.describeRegistry({});
    expect(slept).toEqual([3000]);
  });

  it("stop when the client's allowance is used up", async () => {
    const { client, sent } = stage([refusal("ServerException", { status: 500 })]);
    for (let call = 0; call < 20; call += 1) await failureOf(client.describeRegistry({}));
    // 35 retries at 14 tokens fit into 500; the 20 first attempts are free.
    expect(sent).toHaveLength(20 + 35);
  });

  it("are not made of what would fail again", async () => {
    const { client, sent } = stage([refusal("RepositoryNotFoundException")]);
    await failureOf(client.listImages({ repositoryName: "app" }));
    expect(sent).toHaveLength(1);
  });

  it("tell what the platform said when no answer ever came", async () => {
    const refused = new AggregateError([new Error("connect ECONNREFUSED")], "");
    const { client, sent } = stage([new TypeError("fetch failed", { cause: refused })]);
    const error = await failureOf(client.describeRegistry({}));
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error.message).toBe("No answer from https://api.ecr.eu-west-1.amazonaws.com/: connect ECONNREFUSED");
    expect(error.cause).toBeInstanceOf(Error);
    expect(sent).toHaveLength(3);
  });
});

describe("what the platform says", () => {
  const nested = (depth: number): Error =>
    depth === 0 ? new Error("the innermost") : new Error(`outer ${depth}`, { cause: nested(depth - 1) });

  it("is told from eight causes deep, and no deeper", async () => {
    const told = async (failure: Error): Promise<string> =>
      (await failureOf(stage([failure], { maxAttempts: 1 }).client.describeRegistry({}))).message;
    expect(await told(nested(8))).toMatch(/: the innermost$/);
    expect(await told(nested(9))).toMatch(/: outer 1$/);
    const circle = new Error("round");
    circle.cause = circle;
    expect(await told(circle)).toMatch(/: round$/);
  });
});

describe("the clock", () => {
  const stale = (message: string, date: string) => ({
    ...refusal("InvalidSignatureException", { message }),
    headers: { date },
  });

  it("of the server counts once it has refused a signature for its time", async () => {
    const { client, sent } = stage([stale("Signature expired", "Sat, 21 Nov 2026 12:20:00 GMT"), {}]);
    await client.describeRegistry({});
    await client.describeRegistry({});
    expect(sent.map(({ headers }) => headers["x-amz-date"])).toEqual([
      "20261121T120000Z",
      "20261121T122000Z",
      "20261121T122000Z",
    ]);
  });

  it("is not to blame for a wrong key", async () => {
    const { client, sent } = stage([stale("does not match", "Sat, 21 Nov 2026 12:05:00 GMT")]);
    await failureOf(client.describeRegistry({}));
    expect(sent).toHaveLength(1);
  });
});

describe("time limits", () => {
  it("end an attempt after 60 s and try again", async () => {
    const { client, sent, slept } = stage(["silence", {}]);
    await client.describeRegistry({});
    expect(sent).toHaveLength(2);
    expect(sent[0]?.signal?.aborted).toBe(true);
    expect(slept).toEqual([60_000, 25]);
  });

  it("are the client's or the call's", async () => {
    const { client, slept } = stage(["silence"], { timeoutMs: 100, maxAttempts: 1 });
    await expect(client.describeRegistry({})).rejects.toThrow(TimeoutError);
    await expect(client.describeRegistry({}, { timeoutMs: 5 })).rejects.toThrow("within 5 ms");
    expect(slept).toEqual([100, 5]);
  });

  it("leave nothing behind when the answer is in time", async () => {
    const { client, sent, slept } = stage([{}]);
    const outer = new AbortController();
    await client.describeRegistry({}, { signal: outer.signal });
    outer.abort();
    await new Promise(setImmediate);
    expect(slept).toEqual([]);
    expect(sent[0]?.signal?.aborted).toBe(false);
  });
});

describe("an AbortSignal", () => {
  it("ends a call under way with its reason", async () => {
    const { client, sent } = stage(["silence"]);
    const controller = new AbortController();
    const call = failureOf(client.describeRegistry({}, { signal: controller.signal }));
    await Promise.resolve();
    const reason = new Error("changed my mind");
    controller.abort(reason);
    expect(await call).toBe(reason);
    expect(sent.length).toBeLessThan(2);
  });

  it("ends the wait before a retry", async () => {
    const controller = new AbortController();
    const { client, platform, sent } = stage([refusal("ThrottlingException")], {
      middleware: [
        async (exchange, next) => {
          const reply = await next(exchange);
          controller.abort();
          return reply;
        },
      ],
    });
    expect(platform.clock).toBe(client.clock);
    expect((await failureOf(client.describeRegistry({}, { signal: controller.signal }))).name).toBe("AbortError");
    expect(sent).toHaveLength(1);
  });

  it("that aborted before lets nothing be sent", async () => {
    const { client, sent } = stage([{}]);
    await failureOf(client.describeRegistry({}, { signal: AbortSignal.abort() }));
    expect(sent).toEqual([]);
  });
});

describe("middleware", () => {
  it("sees each attempt, the first outermost, and changes requests before they are signed", async () => {
    const seen: string[] = [];
    const { client, sent } = stage([refusal("ThrottlingException"), {}], {
      middleware: [
        async (exchange, next) => {
          seen.push(`${exchange.operation} ${exchange.attempt}`);
          const reply = await next(exchange);
          seen.push(`${reply.status}`);
          return reply;
        },
        (exchange, next) => {
          const headers = { ...exchange.request.headers, "x-trace": JSON.stringify(exchange.input) };
          return next({ ...exchange, request: { ...exchange.request, headers } });
        },
      ],
    });
    await client.listImages({ repositoryName: "app" });
    expect(seen).toEqual(["ListImages 1", "400", "ListImages 2", "200"]);
    expect(sent[1]?.headers["x-trace"]).toBe('{"repositoryName":"app"}');
    expect(sent[1]?.headers["authorization"]).toContain("x-trace");
  });

  it("may answer by itself, or throw, which ends the call", async () => {
    const body = new TextEncoder().encode('{"registryId":"cached"}');
    const cached = stage([{}], { middleware: [() => Promise.resolve({ status: 200, headers: {}, body })] });
    expect(await cached.client.describeRegistry({})).toEqual({ registryId: "cached" });
    expect(cached.sent).toEqual([]);
    const broken = stage([{}], { middleware: [() => Promise.reject(new Error("not today"))] });
    await expect(broken.client.describeRegistry({})).rejects.toThrow("not today");
  });
});

describe("a body over 64 KiB", () => {
  it.each([65_536, 65_537])("of %i bytes is signed with the same hash", async (bytes) => {
    const { client, sent, platform } = stage([{}]);
    const empty = '{"repositoryName":"app","policyText":""}'.length;
    await client.setRepositoryPolicy({ repositoryName: "app", policyText: "x".repeat(bytes - empty) });
    const { body, headers } = sent[0] ?? { body: new Uint8Array(), headers: {} };
    expect(body).toHaveLength(bytes);
    const { signing } = await client.prepare("SetRepositoryPolicy", JSON.parse(text(body)));
    const { signRequest } = await import("@stowage/sigv4");
    const hash = Buffer.from(platform.hasher.sha256(body)).toString("hex");
    const again = signRequest({ ...signing, payloadHash: hash });
    expect(again.authorization).toBe((headers as Record<string, string>)["authorization"]);
  });
});
