import { InvalidParameterError } from "../errors/index.ts";
import type { PageWanted, ReleasePage } from "../publish/index.ts";
import { Answer } from "./answer.ts";
import { etagOf, isKnown } from "./etag.ts";
import type { ApiRequest } from "./request.ts";

/** How many releases a page has unless told. */
export const PAGE_SIZE = 20;

/** Most releases of a page: each costs Quay a tenth of a second, and five are asked for at once. */
export const MAX_PAGE_SIZE = 100;

/**
 * Which page is asked for, by `limit` and `after`.
 *
 * @throws InvalidParameterError
 */
export function pageWanted(request: ApiRequest): PageWanted {
  const limit = request.query("limit") ?? String(PAGE_SIZE);
  if (!/^[1-9][0-9]{0,2}$/.test(limit) || Number(limit) > MAX_PAGE_SIZE) {
    throw new InvalidParameterError(
      `The parameter 'limit' must be a number from 1 to ${MAX_PAGE_SIZE}, got ${JSON.stringify(limit.slice(0, 100))}.`,
    );
  }
  return { limit: Number(limit), after: request.query("after") };
}

/** A page of releases as an answer: with the address of the next one, and 304 for who has it already. */
export function releasesAnswer(request: ApiRequest, { nextAfter, ...page }: ReleasePage): Answer {
  const limit = request.query("limit");
  const query = new URLSearchParams({ ...(limit !== undefined && { limit }), after: nextAfter ?? "" });
  const next = nextAfter === undefined ? null : `${request.event.rawPath}?${query.toString()}`;
  const body = { ...page, next };
  const etag = etagOf(JSON.stringify(body));
  const headers = { etag, ...(next !== null && { link: `<${next}>; rel="next"` }) };
  return isKnown(request, etag) ? new Answer(304, {}, headers) : new Answer(200, body, headers);
}
