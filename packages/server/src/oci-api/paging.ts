import { Refusal } from "./errors.ts";
import { queryValue } from "./query.ts";

/** Names on a page unless the client says otherwise, as on ECR. */
const STANDARD_PAGE = 100;
/** ECR refuses more; here a client that asks for more gets this many, and a Link to the rest. */
export const MAX_PAGE = 1000;
/** No name that `last` could continue behind is longer. */
const MAX_LAST_LENGTH = 256;

/** What `n` and `last` of a list ask for; a limit of 0 is answered with nothing. */
export interface ListPage {
  readonly limit: number;
  readonly after?: string;
}

/** @throws Refusal one of them is not of its grammar */
export function listPage(query: string): ListPage {
  const after = queryValue(query, "last");
  if (after !== undefined && (after.length > MAX_LAST_LENGTH || after.includes("\0"))) throw invalid("last");
  const limit = pageLimit(queryValue(query, "n"));
  return { limit, ...(after !== undefined && after !== "" && { after }) };
}

/** Relative, for clients refuse a link to another host than theirs. */
export function nextLink(path: string, parameters: Readonly<Record<string, string>>): string {
  const query = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  return `<${path}?${query}>; rel="next"`;
}

function pageLimit(n: string | undefined): number {
  if (n === undefined) return STANDARD_PAGE;
  if (n === "") throw invalid("n");
  for (let at = 0; at < n.length; at += 1) {
    const code = n.charCodeAt(at);
    if (code < 48 || code > 57) throw invalid("n");
  }
  return Math.min(Number(n), MAX_PAGE);
}

function invalid(name: "n" | "last"): Refusal {
  return new Refusal({ status: 400, code: "PAGINATION_NUMBER_INVALID" }, `The parameter '${name}' is not valid`);
}
