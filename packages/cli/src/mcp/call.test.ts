import { create, type Http } from "@stowage/client";
import { describe, expect, it } from "vitest";
import { Failure } from "../exit-codes.ts";
import { callTool, MAX_RESULT_CHARACTERS, type Registry } from "./call.ts";

/** A registry whose server answers what a test says, and what became of it. */
function registry(body: unknown, status = 200): Registry & { readonly sent: unknown[]; forgotten: number } {
  const sent: unknown[] = [];
  const http: Http = {
    send: (request) => {
      if (body instanceof Error) return Promise.reject(body);
      sent.push(JSON.parse(Buffer.from(request.body).toString()));
      return Promise.resolve({ status, headers: {}, body: Buffer.from(JSON.stringify(body)) });
    },
  };
  const credentials = { accessKeyId: "AKID", secretAccessKey: "secret" };
  const ecr = create({ ...credentials, region: "eu-west-1", endpoint: "http://registry.test", maxAttempts: 1, http });
  return {
    sent,
    forgotten: 0,
    connect: () => Promise.resolve(ecr),
    forget() {
      this.forgotten += 1;
    },
  };
}

const signal = new AbortController().signal;

describe("a call of a tool", () => {
  it("sends the arguments and answers what JSON has, times as numbers", async () => {
    const to = registry({ repositories: [{ repositoryName: "app", createdAt: 1.5 }] });
    const input = { repositoryNames: ["app"] };
    const structuredContent = { repositories: [{ repositoryName: "app", createdAt: 1.5 }] };
    expect(await callTool(to, { operation: "DescribeRepositories", input, signal })).toEqual({
      content: [{ type: "text", text: JSON.stringify(structuredContent) }],
      structuredContent,
    });
    expect(to.sent).toEqual([input]);
  });

  it("sends bytes as they were given, in base64", async () => {
    const to = registry({});
    const uploadId = "00000000-0000-0000-0000-000000000000";
    const input = { repositoryName: "app", uploadId, partFirstByte: 0, partLastByte: 4, layerPartBlob: "aGVsbG8=" };
    await callTool(to, { operation: "UploadLayerPart", input, signal });
    expect(to.sent).toEqual([input]);
  });

  it.each([
    [{ repositoryName: "A" }, /^InvalidParameterException: Invalid parameter at 'repositoryName'/],
    [{ repositoryName: "app", maxResults: "1" }, /^SerializationException: .* \(at maxResults\)$/],
    [
      { repositoryName: "app", repositoryname: "b" },
      /^InvalidParameterException: DescribeImages has no repositoryname$/,
    ],
    [{ repositoryName: "app", imageIds: [{}, { tag: "b" }] }, /has no imageIds\[1\]\.tag$/],
    [{ repositoryName: "app", constructor: 1, toString: 1 }, /has no constructor, toString$/],
    [JSON.parse('{"repositoryName":"app","__proto__":{"x":1}}') as object, /has no __proto__$/],
    [Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`m${n}`, 1])), /has no m0, .*m19$/],
    [Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`m${n}`, 1])), /has no m0, .*m19$/],
    [Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`m${n}`, 1])), /has no m0, .*m19$/],
  ])("is refused before it is sent: %j", async (input, text) => {
    const to = registry({});
    const result = await callTool(to, { operation: "DescribeImages", input: { ...input }, signal });
    expect(result).toEqual({ content: [{ type: "text", text: expect.stringMatching(text) }], isError: true });
    expect(to.sent).toEqual([]);
  });

  it("tells ECR's name and text of a refusal", async () => {
    const to = registry({ __type: "RepositoryNotFoundException", message: "There is none." }, 400);
    const result = await callTool(to, { operation: "DescribeImages", input: { repositoryName: "app" }, signal });
    expect(result).toEqual({
      content: [{ type: "text", text: "RepositoryNotFoundException: There is none." }],
      isError: true,
    });
    expect(to.forgotten).toBe(0);
  });

  it("looks for the registry anew after nobody answered", async () => {
    const to = registry(new Error("refused"));
    const result = await callTool(to, { operation: "DescribeRegistry", input: {}, signal });
    expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/^NoAnswerError: /) }] });
    expect(to.forgotten).toBe(1);
  });

  it("says what can be done where no registry is found", async () => {
    const connect = (): Promise<never> => Promise.reject(new Failure("No server runs.", { hints: ["Start one."] }));
    const result = await callTool(
      { connect, forget: () => undefined },
      { operation: "DescribeRegistry", input: {}, signal },
    );
    expect(result).toEqual({ content: [{ type: "text", text: "No server runs.\nStart one." }], isError: true });
  });

  it("passes on an answer of the most characters, and refuses one more", async () => {
    const around = JSON.stringify({ registryId: "" }).length;
    const ask = (characters: number): ReturnType<typeof callTool> =>
      callTool(registry({ registryId: "x".repeat(characters - around) }), {
        operation: "DescribeRegistry",
        input: {},
        signal,
      });
    expect(await ask(MAX_RESULT_CHARACTERS)).not.toHaveProperty("isError");
    const refused = await ask(MAX_RESULT_CHARACTERS + 1);
    expect(refused).toMatchObject({ isError: true, content: [{ text: expect.stringContaining("Ask for less") }] });
    expect(refused).not.toHaveProperty("structuredContent");
  });
});
