import { ECR, ECRServiceException } from "@aws-sdk/client-ecr";
import { ecrCodec, EcrError, ecrTable } from "@stowage/model";
import type { OperationName } from "@stowage/model";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EcrClient } from "../../packages/client/src/node/index.ts";
import { signWithSmithy } from "../../packages/sigv4/test/oracles.ts";
import { openRecorder } from "./recorder.ts";
import type { Answer, RecordedRequest, Recorder } from "./recorder.ts";
import { valueOf } from "./values.ts";

/** The same calls by `@aws-sdk/client-ecr` and by ours: what goes over the wire, and what each makes of the answer. */
const credentials = {
  accessKeyId: "AKIAEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG",
  sessionToken: "session//+=",
};
const region = "eu-west-1";
const RUNS = 8;

type Call = (input: unknown) => Promise<object>;

let recorder: Recorder;
let theirs: Readonly<Record<string, Call>>;
let ours: Readonly<Record<string, Call>>;

beforeAll(async () => {
  recorder = await openRecorder();
  const options = { endpoint: recorder.endpoint, region, credentials, maxAttempts: 1 };
  theirs = new ECR(options) as unknown as Readonly<Record<string, Call>>;
  ours = new EcrClient(options) as unknown as Readonly<Record<string, Call>>;
});
afterAll(() => recorder.close());

const camel = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

interface Exchange {
  readonly request: RecordedRequest;
  readonly answer: object | undefined;
  readonly error: Error | undefined;
}

async function exchange(calls: Readonly<Record<string, Call>>, name: string, input: unknown): Promise<Exchange> {
  const call = calls[name];
  if (call === undefined) throw new Error(`There is no ${name}`);
  const settled = call.call(calls, structuredClone(input)).then(
    (answer) => ({ answer, error: undefined }),
    (error: Error) => ({ answer: undefined, error }),
  );
  const outcome = await settled;
  const [request, ...more] = recorder.take();
  if (request === undefined || more.length > 0) throw new Error(`${name} was not sent once`);
  return { request, ...outcome };
}

/** What of a request both must agree on. */
function wire({ method, target, headers, body }: RecordedRequest): unknown {
  const compared = ["host", "content-type", "x-amz-target", "x-amz-security-token"].map((name) => headers[name]);
  return { method, target, headers: compared, body: JSON.parse(body.toString()) as unknown };
}

/** The signature that the AWS SDK's signer makes of the request as it came. */
async function expectedSignature({ method, target, headers, body }: RecordedRequest): Promise<string | undefined> {
  const signed = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? "")?.[1]?.split(";") ?? [];
  const amzDate = String(headers["x-amz-date"]);
  const date = new Date(amzDate.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z"));
  const kept = signed.filter((name) => name !== "x-amz-date" && name !== "x-amz-security-token");
  const again = await signWithSmithy({
    method,
    path: target,
    query: [],
    headers: Object.fromEntries(kept.map((name) => [name, String(headers[name])])),
    body: body.toString(),
    credentials,
    service: "ecr",
    region,
    date,
  });
  return again["authorization"];
}

const json = (value: unknown): string => JSON.stringify(value);
const withoutMetadata = (answer: object): object => ({ ...answer, $metadata: undefined });

describe.each(Object.keys(ecrTable.operations) as OperationName[])("%s", (name) => {
  const { input, output, errors } = ecrTable.operations[name] ?? { input: "", output: "", errors: [] };

  it("is the same request, validly signed, and the same answer", async () => {
    await fc.assert(
      fc.asyncProperty(valueOf(input), valueOf(output), async (given, answered) => {
        recorder.answer = { status: 200, body: json(ecrCodec.encodeOutput(name, answered as never)) };
        const their = await exchange(theirs, camel(name), given);
        const our = await exchange(ours, camel(name), given);
        expect(wire(our.request)).toEqual(wire(their.request));
        expect(their.request.headers.authorization).toBe(await expectedSignature(their.request));
        expect(our.request.headers.authorization).toBe(await expectedSignature(our.request));
        expect(our.answer).toEqual(withoutMetadata(their.answer ?? {}));
        expect(our.answer).toEqual(ecrCodec.decodeOutput(name, JSON.parse(recorder.answer.body)));
      }),
      { numRuns: RUNS },
    );
  });

  it("is refused with the same error", async () => {
    for (const code of errors) {
      recorder.answer = refusal(code);
      const their = await exchange(theirs, camel(name), {});
      const our = await exchange(ours, camel(name), {});
      expect(their.error).toBeInstanceOf(ECRServiceException);
      expect(our.error).toBeInstanceOf(EcrError);
      expect(seenOf(code, our.error)).toEqual(seenOf(code, their.error));
    }
  });
});

const EXTRA: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  InvalidLayerPartException: { registryId: "1", repositoryName: "r", uploadId: "u", lastValidByteReceived: 7 },
  KmsException: { kmsError: "DisabledException" },
};

function refusal(code: string): Answer {
  const status = ecrTable.exceptions[code]?.fault === "server" ? 500 : 400;
  return { status, body: json({ __type: code, message: `why ${code}`, ...EXTRA[code] }) };
}

/** What a caller sees of an error; the AWS SDK marks its own members with a `$`. */
function seenOf(code: string, error: object | undefined): object {
  const { $fault, fault = $fault, name, message, ...members } = error as Readonly<Record<string, unknown>>;
  const extra = Object.keys(EXTRA[code] ?? {}).map((member) => [member, members[member]] as const);
  return { name, message, fault, ...Object.fromEntries(extra) };
}
