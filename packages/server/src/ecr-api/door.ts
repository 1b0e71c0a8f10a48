import { ecrCodec, ecrTable, ecrValidator, type OperationName, type Operations } from "@stowage/model";
import type { AccessContext, Action } from "@stowage/registry";
import type { Call } from "../auth/call.ts";
import type { SignedAuthenticator } from "../auth/signed.ts";
import type { Handler, Reply, Request } from "../transport/types.ts";
import { BodyBudget } from "./body-budget.ts";
import { parseJsonBody } from "./json-body.ts";
import { MAX_BODY_BYTES_AT_ONCE, MAX_WAITING_BODIES } from "./limits.ts";
import type { EcrOperations } from "./operation.ts";
import { createOperations, type OperationParts } from "./operations.ts";
import { admit, isCounted, type Admission } from "./receive.ts";
import { resourceTagsOf } from "./repositories/resource-tags.ts";
import { answerReply, errorReply } from "./reply.ts";
import { targetOf } from "./resources.ts";
import { route } from "./route.ts";

export interface EcrDoorParts extends OperationParts {
  readonly signed: SignedAuthenticator;
  /** Told of what nobody expected; the caller gets a ServerException without particulars. */
  readonly onFailure?: (failure: unknown, requestId: string) => void;
}

/** The Amazon ECR API: `POST /` with `X-Amz-Target: AmazonEC2ContainerRegistry_V20150921.OPERATION`. */
export function ecrDoor(parts: EcrDoorParts): Handler {
  const operations = createOperations(parts);
  const budget = new BodyBudget(MAX_BODY_BYTES_AT_ONCE, MAX_WAITING_BODIES);
  return async (request) => {
    try {
      const operation = route(request);
      if (isCounted(request, operation)) await parts.signed.recognise(request, SIGNED_FOR);
      const admission = await admit(request, operation, budget);
      try {
        return await answer(parts, operations, { request, operation, admission });
      } finally {
        admission.release();
      }
    } catch (failure) {
      return errorReply(failure, (unexpected) => parts.onFailure?.(unexpected, request.id));
    }
  };
}

const SIGNED_FOR = { services: [ecrTable.signingName] };

interface Routed<N extends OperationName> {
  readonly request: Request;
  readonly operation: N;
  readonly admission: Admission;
}

interface Accepted<N extends OperationName> {
  readonly input: Operations[N]["input"];
  readonly call: Call;
}

type OperationInput = Operations[OperationName]["input"];

async function answer<N extends OperationName>(
  parts: EcrDoorParts,
  operations: EcrOperations,
  routed: Routed<N>,
): Promise<Reply> {
  const { operation } = routed;
  const { input, call } = await accept(parts, routed);
  const { registry, resources } = targetOf(operation, input, call.registry);
  await authorise(parts, { operation, input, call }, resources);
  return answerReply(operation, await operations[operation](input, { ...call, registry }));
}

/** What comes before the operation; apart from it, so that of the body nothing but the input is left while it works. */
async function accept<N extends OperationName>(
  parts: EcrDoorParts,
  { request, operation, admission }: Routed<N>,
): Promise<Accepted<N>> {
  const body = await admission.receive();
  const call = await parts.signed.authenticate(request, body, SIGNED_FOR);
  const input = decode(operation, body);
  ecrValidator.assertValid(operation, input);
  return { input, call };
}

function decode<N extends OperationName>(operation: N, body: Uint8Array): Operations[N]["input"] {
  if (operation !== "UploadLayerPart") return ecrCodec.decodeInput(operation, parseJsonBody(body).json);
  const { json, blob } = parseJsonBody(body, "layerPartBlob");
  const input = ecrCodec.decodeInput(operation, json);
  return blob === undefined ? input : { ...input, layerPartBlob: blob };
}

/** @throws AccessDeniedException */
async function authorise<N extends OperationName>(
  { registry }: EcrDoorParts,
  { operation, input, call }: Accepted<N> & { readonly operation: N },
  resources: readonly string[],
): Promise<void> {
  const { principal } = call;
  const context: AccessContext = { ...call.access, ...tagFacts(input) };
  const actions: Action[] = [`ecr:${operation}`];
  // Who makes a repository with tags must be allowed to tag, too. Source: Service Authorization Reference.
  if (operation === "CreateRepository" && context.requestTags !== undefined) actions.push("ecr:TagResource");
  for (const resource of resources) {
    for (const action of actions) await registry.access.authorise({ principal, action, resource, context });
  }
}

/** What conditions may ask of the tags that a request brings, or wants removed. */
function tagFacts(input: OperationInput): Pick<AccessContext, "requestTags" | "tagKeys"> {
  if ("tags" in input && input.tags !== undefined && input.tags.length > 0) {
    return { requestTags: resourceTagsOf(input.tags) };
  }
  return "tagKeys" in input ? { tagKeys: input.tagKeys } : {};
}
