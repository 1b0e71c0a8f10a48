const KIB = 1024;
const MIB = 1024 * KIB;

/** Body of UploadLayerPart (20 MiB in base64) and of PutImage (a 4 MiB manifest grows when it is escaped). */
export const MAX_LARGE_BODY_BYTES = 28 * MIB;
/** Body of every other operation. */
export const MAX_BODY_BYTES = MIB;
/**
 * Bodies that are received and worked on at once, together: one of the largest, or two parts of the advised size. Others wait
 * before they are read. On the way through runtime and hashing each of these bytes is held two to three times.
 */
export const MAX_BODY_BYTES_AT_ONCE = 28 * MIB;
/** Bodies up to this size do not count towards {@link MAX_BODY_BYTES_AT_ONCE}. */
export const UNCOUNTED_BODY_BYTES = 64 * KIB;
/** Requests that may wait for their turn; one more is throttled. */
export const MAX_WAITING_BODIES = 1000;

/** Arrays and objects inside one another; the API's own shapes need less than ten. */
export const MAX_JSON_DEPTH = 100;
/** Arrays, objects and what they separate by commas. Small values take many times the memory of their text. */
export const MAX_JSON_VALUES = 200_000;

/** The JSON of one answer of BatchGetImage. */
export const MAX_IMAGES_ANSWER_BYTES = 32 * MIB;

/** Manifests whose annotations a page of ListImageReferrers tells, together, but for the last few of them. */
export const MAX_REFERRERS_ANSWER_BYTES = 8 * MIB;

/** What InitiateLayerUpload advises. Source: samples of the Amazon ECR API reference. */
export const ADVISED_PART_BYTES = 10 * MIB;
