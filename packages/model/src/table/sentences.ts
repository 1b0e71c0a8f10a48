/** Documentation of one service, a sentence each, by name. */
export interface Sentences {
  readonly operations: Readonly<Record<string, string>>;
  readonly exceptions: Readonly<Record<string, string>>;
  readonly structures: Readonly<Record<string, string>>;
  /** By `Structure.member`, or `*Request.member` for all requests: what the member means there. */
  readonly members: Readonly<Record<string, string>>;
  /** By shape: what a member of it means wherever `members` has no sentence. */
  readonly shapes: Readonly<Record<string, string>>;
}

/** What a member means: the sentence for it in its structure, else in all requests, else that of its shape. */
export function memberSentence(
  sentences: Sentences,
  place: { readonly structure: string; readonly member: string; readonly shape: string },
): string | undefined {
  const { members, shapes } = sentences;
  const inRequests = place.structure.endsWith("Request") ? members[`*Request.${place.member}`] : undefined;
  return members[`${place.structure}.${place.member}`] ?? inRequests ?? shapes[place.shape];
}
