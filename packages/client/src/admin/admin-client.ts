import { adminCodec, adminTable } from "@stowage/model";
import type { AdminOperationName, AdminOperations } from "@stowage/model";
import { signRequest } from "@stowage/sigv4";
import type { Credentials, Hasher } from "@stowage/sigv4";
import type { Http, HttpReply } from "../http.ts";
import { AdminMethods } from "./generated/admin-methods.ts";

export interface AdminClientOptions {
  /** Scheme and host, `http://127.0.0.1:5100`. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly http: Http;
  readonly hasher: Hasher;
  /** The present; the system's unless given. */
  readonly now?: () => Date;
}

type Input<N extends AdminOperationName> = AdminOperations[N]["input"];
type Output<N extends AdminOperationName> = Promise<AdminOperations[N]["output"]>;

const ENDPOINT = /^https?:\/\/([^/?#@]+)\/?$/;

/** Calls the administration door of a Stowage server. Refusals are thrown as the error classes of `@stowage/model`. */
export class AdminClient extends AdminMethods {
  readonly #options: AdminClientOptions;
  readonly #host: string;

  /** @throws TypeError the endpoint is no scheme and host */
  constructor(options: AdminClientOptions) {
    super();
    const host = ENDPOINT.exec(options.endpoint)?.[1];
    if (host === undefined) throw new TypeError(`An endpoint looks like http://HOST:PORT, not ${options.endpoint}`);
    this.#options = options;
    this.#host = host;
  }

  protected async call<N extends AdminOperationName>(operation: N, input: Input<N>): Output<N> {
    const { http, endpoint, region, credentials, hasher, now = () => new Date() } = this.#options;
    const body = new TextEncoder().encode(JSON.stringify(adminCodec.encodeInput(operation, input)));
    const headers = {
      host: this.#host,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `${adminTable.targetPrefix}.${operation}`,
    };
    const service = adminTable.signingName;
    const sent = { method: "POST", target: "/", headers, body };
    const signature = signRequest(Object.assign(sent, { service, region, credentials, hasher, date: now() }));
    const url = endpoint.endsWith("/") ? endpoint : `${endpoint}/`;
    const reply = await http.send({ method: "POST", url, headers: { ...headers, ...signature }, body });
    if (reply.status === 200) return adminCodec.decodeOutput(operation, parse(reply));
    throw adminCodec.decodeError(parse(reply), reply.status, reply.headers["x-amzn-errortype"]);
  }
}

/** Undefined when the answer is no JSON, as that of something else than Stowage may be. */
function parse({ body }: HttpReply): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    // The status tells enough.
    return undefined;
  }
}
