/** What a version of the specification makes the suite look at. Source: conformance program of distribution-spec, defaults by version. */
export interface Version {
  readonly name: "1.0" | "1.1" | "1.1+dev";
  readonly mountAnonymous: boolean;
  readonly referrers: boolean;
  readonly uploadCancel: boolean;
  readonly digestHeader: boolean;
  readonly tagParameter: boolean;
}

export const versions: readonly Version[] = [
  {
    name: "1.0",
    mountAnonymous: false,
    referrers: false,
    uploadCancel: false,
    digestHeader: false,
    tagParameter: false,
  },
  { name: "1.1", mountAnonymous: true, referrers: true, uploadCancel: false, digestHeader: false, tagParameter: false },
  {
    name: "1.1+dev",
    mountAnonymous: true,
    referrers: true,
    uploadCancel: true,
    digestHeader: true,
    tagParameter: true,
  },
];
