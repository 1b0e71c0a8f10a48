/** A place where an answer differs from AWS's, and the test file that holds ours. */
export interface Difference {
  readonly subject: string;
  readonly aws: string;
  readonly here: string;
  readonly why: string;
  readonly proof: string;
}

const SPECIFICATION = "The specification says so, and clients are written to it.";

export const differences: readonly Difference[] = [
  {
    subject: "Answer to a chunk (PATCH)",
    aws: "201; of chunks with Content-Range only the first counts",
    here: "202, and every chunk counts",
    why: SPECIFICATION,
    proof: "tests/wire/oci/uploads.test.ts",
  },
  {
    subject: "Digest header on GET of a manifest",
    aws: "absent",
    here: "always there",
    why: SPECIFICATION,
    proof: "tests/wire/oci/manifests.test.ts",
  },
  {
    subject: "Malformed or withdrawn manifest on /v2/",
    aws: "405 UNSUPPORTED",
    here: "400 MANIFEST_INVALID with the same text",
    why: "405 means a method that is not offered.",
    proof: "tests/wire/oci/manifests.test.ts",
  },
  {
    subject: "Manifests without layers, sha512 digests",
    aws: "refused",
    here: "taken",
    why: SPECIFICATION,
    proof: "tests/conformance/conformance.test.ts",
  },
  {
    subject: "Lists of tags with n over 1,000",
    aws: "405 UNSUPPORTED",
    here: "1,000 and a Link to the rest",
    why: "Tools ask for more and follow the Link.",
    proof: "tests/wire/oci/lists.test.ts",
  },
  {
    subject: "Conversion between Docker's and OCI's manifests on a pull by tag",
    aws: "converts for clients that do not accept what is stored",
    here: "what was pushed, byte for byte",
    why: "A conversion changes the digest.",
    proof: "tests/wire/oci/manifests.test.ts",
  },
  {
    subject: "Mounting a blob (BLOB_MOUNTING ENABLED)",
    aws: "only what a manifest of the source refers to",
    here: "what the source holds and the caller may read there",
    why: SPECIFICATION,
    proof: "tests/wire/oci/mounting.test.ts",
  },
  {
    subject: "Locations and Links",
    aws: "absolute",
    here: "relative",
    why: "They stay right behind a proxy and under any host name.",
    proof: "tests/wire/oci/uploads.test.ts",
  },
  {
    subject: "Several byte ranges of a blob",
    aws: "not known",
    here: "206 multipart/byteranges, up to 100 of them",
    why: "Lazy-loading snapshotters ask for them.",
    proof: "tests/wire/oci/blobs.test.ts",
  },
  {
    subject: "KMS and KMS_DSSE encryption",
    aws: "encrypts",
    here: "KmsException, nothing is stored",
    why: "Better no repository than one whose bytes are not encrypted.",
    proof: "tests/wire/ecr/repositories.test.ts",
  },
  {
    subject: "Referrers of a deleted subject",
    aws: "deleted within 24 hours",
    here: "kept",
    why: "The background job for it is not built yet.",
    proof: "tests/wire/oci/referrers.test.ts",
  },
  {
    subject: "repositoryUri",
    aws: "ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME",
    here: "localhost:PORT/NAME by default; `--uri-style aws` or a domain give the AWS shape",
    why: "It must be reachable.",
    proof: "tests/wire/ecr/repositories.test.ts",
  },
  {
    subject: "Pulls without credentials",
    aws: "never",
    here: "with the setting anonymous.pull, from repositories whose policy allows everyone; /v2/ itself still asks for credentials, so that docker's classic image store, which looks there first, needs some",
    why: "An extension for public images; it is off by default.",
    proof: "tests/wire/access/anonymous.test.ts",
  },
  {
    subject: "Principals in repository and registry policies",
    aws: "must exist",
    here: "must be well-formed",
    why: "Most of them belong to accounts that this installation does not know.",
    proof: "tests/wire/ecr/policies.test.ts",
  },
  {
    subject: "GetRepositoryPolicy, GetRegistryPolicy",
    aws: "the policy, printed anew",
    here: "the text as it was given",
    why: "Clients compare policies by meaning.",
    proof: "tests/wire/ecr/policies.test.ts",
  },
  {
    subject: "A resource policy that denies everything to everyone",
    aws: "not known",
    here: "the root of the owning account can still delete it",
    why: "Nobody else could mend it.",
    proof: "packages/registry/src/access/principals.test.ts",
  },
  {
    subject: "AssumeRole with SourceIdentity, transitive tags, MFA or provided contexts",
    aws: "works",
    here: "ValidationError",
    why: "Leaving them out in silence would promise what is not kept.",
    proof: "tests/wire/sts/assume-role.test.ts",
  },
  {
    subject: "Room for session policies and tags (PackedPolicySize)",
    aws: "the size of a binary form",
    here: "4,096 characters, white space of the policy apart",
    why: "The binary form is AWS's own.",
    proof: "tests/wire/sts/assume-role.test.ts",
  },
];
