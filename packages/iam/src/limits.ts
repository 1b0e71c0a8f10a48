// Sizes of documents, in characters without white space, as AWS counts them. Source: IAM and AWS STS quotas; the
// API references of the services that keep policies of resources.

/** The longest policy of a resource that any service of AWS takes. */
export const MAX_LONG_RESOURCE_POLICY_CHARS = 20_480;
/** Repository and registry policies, and the inline policies of a role together. */
export const MAX_RESOURCE_POLICY_CHARS = 10_240;
export const MAX_MANAGED_POLICY_CHARS = 6_144;
/** Inline policies of a user together, session policies, and trust policies before their quota is raised. */
export const MAX_USER_INLINE_POLICY_CHARS = 2_048;

/** White space included: what IAM's API takes for a document at all. */
export const MAX_POLICY_TEXT_CHARS = 131_072;
/** A policy needs 7 levels; more is an attack or a mistake. */
export const MAX_JSON_DEPTH = 16;
/** Strings, numbers, lists and objects of one document. */
export const MAX_JSON_VALUES = 16_384;
/** Findings listed for one document; a hostile one could have thousands. */
export const MAX_FINDINGS = 100;
