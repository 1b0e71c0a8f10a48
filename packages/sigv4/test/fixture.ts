import type { Claim, HeaderMap, ParsedAuthorization, SigningRequest, Verdict, VerifyOptions } from "../src/index.ts";
import { parseAuthorization, presign, signRequest, verify } from "../src/index.ts";
import { nodeHasher } from "./node-hasher.ts";

/** A request as a receiver sees it, together with what the receiver knows about the sender. */
export interface Received {
  readonly method: string;
  readonly target: string;
  readonly headers: HeaderMap;
  readonly body: string;
  /** The one access key that the receiver knows. */
  readonly accessKeyId: string;
  readonly options: Omit<VerifyOptions, "payloadHash" | "hasher">;
}

export const SIGNED_AT = new Date("2026-11-21T12:36:00Z");
export const TOKEN = "FwoGZXIvYXdzEBYaD/+token==";
export const MISMATCH =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

export const SIGNING: SigningRequest = {
  method: "POST",
  target: "/",
  headers: {
    host: "localhost:5100",
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
  },
  body: "{}",
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
  service: "ecr",
  region: "us-east-1",
  date: SIGNED_AT,
  hasher: nodeHasher,
};

export function hashOf(body: string): string {
  return Buffer.from(nodeHasher.sha256(body)).toString("hex");
}

/** A request signed in its headers, received the moment it was signed. */
export function signedInHeaders(change: Partial<SigningRequest> = {}): Received {
  const signing = { ...SIGNING, ...change };
  return received(signing, signing.target, { ...signing.headers, ...signRequest(signing) });
}

/** A request signed in its query, received the moment it was signed. */
export function signedInQuery(change: Partial<SigningRequest> & { expiresSeconds?: number } = {}): Received {
  const { body: _, ...plain } = SIGNING;
  const signing = { expiresSeconds: 60, ...plain, method: "GET", headers: { host: "localhost:5100" }, ...change };
  const path = signing.target.split("?")[0] ?? "";
  return received(signing, `${path}?${presign(signing)}`, signing.headers);
}

function received(signing: SigningRequest, target: string, headers: HeaderMap): Received {
  const { accessKeyId, secretAccessKey, sessionToken } = signing.credentials;
  return {
    method: signing.method,
    target,
    headers,
    accessKeyId,
    body: typeof signing.body === "string" ? signing.body : "",
    options: { secretAccessKey, sessionToken, now: signing.date, expectedServices: ["ecr"] },
  };
}

export function withHeaders(request: Received, changes: HeaderMap): Received {
  return { ...request, headers: { ...request.headers, ...changes } };
}

/** The request with its Authorization header rewritten. */
export function withAuthorization(request: Received, rewrite: (text: string) => string): Received {
  return withHeaders(request, { authorization: rewrite(String(request.headers["authorization"])) });
}

export function withOptions(request: Received, changes: Partial<Received["options"]>): Received {
  return { ...request, options: { ...request.options, ...changes } };
}

export function parse({ headers, target }: Received): ParsedAuthorization {
  return parseAuthorization(headers, target);
}

export function claimOf(request: Received): Claim {
  const parsed = parse(request);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.claim;
}

/** What a receiver answers who reads the claim, looks the key up, hashes the body and verifies. */
export function judge(request: Received): Verdict {
  const parsed = parse(request);
  if (!parsed.ok) return parsed;
  const known = parsed.claim.accessKeyId === request.accessKeyId;
  return verify(parsed.claim, request, {
    ...request.options,
    ...(known ? {} : { secretAccessKey: undefined }),
    payloadHash: hashOf(request.body),
    hasher: nodeHasher,
  });
}
