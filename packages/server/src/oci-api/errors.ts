import { EcrError, type commonErrors, type ecrExceptions } from "@stowage/model";
import {
  ImageReferenced,
  InvalidDigest,
  InvalidManifest,
  InvalidPage,
  InvalidTag,
  ManifestTooLarge,
} from "@stowage/registry";
import { TokenExpired, Unauthenticated } from "../auth/failures.ts";
import { BodyTimeout, BodyTooLarge } from "../transport/errors.ts";
import type { HeaderMap, Reply } from "../transport/types.ts";
import type { Route } from "./route.ts";

/** Codes of an error body. Source: distribution-spec 1.1.1, error codes; the last four are distribution's own. */
export type OciCode =
  | "BLOB_UNKNOWN"
  | "BLOB_UPLOAD_INVALID"
  | "BLOB_UPLOAD_UNKNOWN"
  | "DIGEST_INVALID"
  | "MANIFEST_BLOB_UNKNOWN"
  | "MANIFEST_INVALID"
  | "MANIFEST_UNKNOWN"
  | "NAME_INVALID"
  | "NAME_UNKNOWN"
  | "SIZE_INVALID"
  | "DENIED"
  | "UNSUPPORTED"
  | "TOOMANYREQUESTS"
  | "TAG_INVALID"
  | "PAGINATION_NUMBER_INVALID"
  | "UNAVAILABLE"
  | "UNKNOWN";

interface OciError {
  readonly status: number;
  readonly code: OciCode;
  /** What clients are told instead of the exception's own text. */
  readonly message?: string;
}

export const API_VERSION: HeaderMap = { "docker-distribution-api-version": "registry/2.0" };
const JSON_HEADERS: HeaderMap = { ...API_VERSION, "content-type": "application/json" };

/** Exceptions that an operation behind `/v2/` may end with. */
type DataPlaneErrorName = Extract<
  keyof typeof ecrExceptions | keyof typeof commonErrors,
  | "AccessDeniedException"
  | "ImageArchivedException"
  | "ImageDigestDoesNotMatchException"
  | "ImageNotFoundException"
  | "ImageTagAlreadyExistsException"
  | "InvalidLayerException"
  | "InvalidLayerPartException"
  | "InvalidParameterException"
  | "KmsException"
  | "LayerInaccessibleException"
  | "LayersNotFoundException"
  | "LimitExceededException"
  | "ReferencedImagesNotFoundException"
  | "RepositoryNotFoundException"
  | "ServerException"
  | "ThrottlingException"
  | "UnableToGetUpstreamImageException"
  | "UnableToGetUpstreamLayerException"
  | "UnsupportedImageTypeException"
  | "UploadNotFoundException"
>;

const REQUESTED_IMAGE_NOT_FOUND = "Requested image not found";

/** Statuses and codes as ECR's registry host answers them, where the specification leaves a choice. */
export const ociErrors = {
  AccessDeniedException: { status: 403, code: "DENIED" },
  ImageArchivedException: { status: 404, code: "MANIFEST_UNKNOWN", message: REQUESTED_IMAGE_NOT_FOUND },
  ImageDigestDoesNotMatchException: { status: 400, code: "DIGEST_INVALID" },
  ImageNotFoundException: { status: 404, code: "MANIFEST_UNKNOWN", message: REQUESTED_IMAGE_NOT_FOUND },
  ImageTagAlreadyExistsException: { status: 400, code: "TAG_INVALID" },
  InvalidLayerException: { status: 400, code: "DIGEST_INVALID" },
  InvalidLayerPartException: { status: 416, code: "BLOB_UPLOAD_INVALID" },
  InvalidParameterException: { status: 400, code: "UNSUPPORTED" },
  KmsException: { status: 403, code: "DENIED" },
  LayerInaccessibleException: { status: 404, code: "BLOB_UNKNOWN" },
  LayersNotFoundException: { status: 404, code: "BLOB_UNKNOWN" },
  LimitExceededException: { status: 403, code: "DENIED" },
  ReferencedImagesNotFoundException: { status: 404, code: "MANIFEST_BLOB_UNKNOWN" },
  RepositoryNotFoundException: { status: 404, code: "NAME_UNKNOWN" },
  ServerException: { status: 500, code: "UNKNOWN" },
  ThrottlingException: { status: 429, code: "TOOMANYREQUESTS" },
  UnableToGetUpstreamImageException: { status: 404, code: "MANIFEST_UNKNOWN" },
  UnableToGetUpstreamLayerException: { status: 404, code: "BLOB_UNKNOWN" },
  UnsupportedImageTypeException: { status: 400, code: "MANIFEST_INVALID" },
  UploadNotFoundException: { status: 404, code: "BLOB_UPLOAD_UNKNOWN" },
} as const satisfies Record<DataPlaneErrorName, OciError>;

const BY_NAME: ReadonlyMap<string, OciError> = new Map(Object.entries(ociErrors));

/** A request that the door itself turns down. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly code: OciCode;
  readonly headers: HeaderMap;

  constructor(
    error: { readonly status: number; readonly code: OciCode; readonly headers?: HeaderMap },
    message: string,
  ) {
    super(message);
    this.status = error.status;
    this.code = error.code;
    this.headers = error.headers ?? {};
  }
}

export function errorReply(
  error: { readonly status: number; readonly code: OciCode },
  message: string,
  more?: HeaderMap,
): Reply {
  const body = JSON.stringify({ errors: [{ code: error.code, message }] });
  return { status: error.status, headers: { ...JSON_HEADERS, ...more }, body };
}

/**
 * The answer to whatever ended a request.
 * @param kind the route, for a missing layer means one thing to a reader of blobs and another to a pusher of manifests
 * @returns undefined for what nobody expected
 */
export function refusalReply(error: unknown, kind: Route["kind"] | undefined): Reply | undefined {
  if (error instanceof Unauthenticated) return { status: 401, headers: error.headers, body: error.body };
  if (error instanceof TokenExpired) return errorReply({ status: 403, code: "DENIED" }, error.message);
  if (error instanceof Refusal) return errorReply(error, error.message, error.headers);
  if (error instanceof BodyTooLarge) return errorReply({ status: 413, code: "SIZE_INVALID" }, error.message);
  if (error instanceof BodyTimeout) return errorReply({ status: 408, code: "BLOB_UPLOAD_INVALID" }, error.message);
  if (!(error instanceof EcrError)) return undefined;
  const known = ociError(error, kind);
  return known && errorReply(known, known.message ?? error.message);
}

function ociError(error: EcrError, kind: Route["kind"] | undefined): OciError | undefined {
  if (error.name === "InvalidParameterException") return parameterError(error);
  if (error.name === "LayersNotFoundException" && kind === "manifest")
    return { status: 404, code: "MANIFEST_BLOB_UNKNOWN" };
  const known = BY_NAME.get(error.name);
  if (known !== undefined) return known;
  // A fault of the server's own is for the log, not for the client.
  return error.fault === "client" ? { status: 400, code: "UNSUPPORTED" } : undefined;
}

/** The kind of a refused parameter decides on the code; ECR answers 405 UNSUPPORTED to all of them, which no client needs. */
function parameterError(error: EcrError): OciError {
  if (error instanceof InvalidManifest) return { status: 400, code: "MANIFEST_INVALID" };
  if (error instanceof ManifestTooLarge) return { status: 413, code: "SIZE_INVALID" };
  if (error instanceof InvalidTag) return { status: 400, code: "TAG_INVALID" };
  if (error instanceof InvalidDigest) return { status: 400, code: "DIGEST_INVALID" };
  if (error instanceof InvalidPage) return { status: 400, code: "PAGINATION_NUMBER_INVALID" };
  if (error instanceof ImageReferenced) return { status: 405, code: "UNSUPPORTED" };
  return ociErrors.InvalidParameterException;
}
