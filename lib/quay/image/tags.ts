import * as z from "zod/mini";
import { answerJson, NetworkError } from "../../http/index.ts";
import { isAbsent, unexpected } from "./answer.ts";
import type { Access, Connection } from "./connection.ts";

/** How many tags of a listing are asked for at once: Quay gives no more. */
const PAGE_SIZE = 100;

/** Most pages of a listing that are read: 10,000 tags at Quay's size of a page. Docker's registry has one page. */
export const MAX_TAG_PAGES = 100;

const listingSchema = z.object({ tags: z.nullable(z.array(z.string())) });

/** The only link that listings have; its address is no longer than a header may be. */
const NEXT = /<([^<>]*)>[ \t]*;[ \t]*rel[ \t]*=[ \t]*"?next"?/i;

/**
 * All tags of a repository.
 *
 * @throws UpstreamError, also for what the caller must not see; NetworkError for a listing without an end
 */
export async function listTags(connection: Connection, access: Access): Promise<readonly string[]> {
  const what = "list the tags";
  const tags: string[] = [];
  let url = new URL(`?n=${PAGE_SIZE}`, connection.url("tags", "list"));
  for (let page = 1; page <= MAX_TAG_PAGES; page++) {
    const answer = await connection.read(access, url);
    if (isAbsent(answer)) return tags;
    if (answer.status !== 200) throw unexpected(what, answer);
    const listing = listingSchema.safeParse(answerJson(answer));
    if (!listing.success) throw new NetworkError(`${what}: the answer does not have the form of a listing`);
    tags.push(...(listing.data.tags ?? []));
    const next = NEXT.exec(String(answer.headers["link"] ?? ""))?.[1];
    if (next === undefined) return tags;
    url = connection.told("the next page of its tags", next, url);
  }
  throw new NetworkError(`${what}: more than ${MAX_TAG_PAGES} pages`);
}
