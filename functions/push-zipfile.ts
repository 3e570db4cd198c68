import { type Answer, endpoint, givenArchive, prefersAsync, queueArchive } from "../lib/api/index.ts";
import type { AnswerOf } from "../lib/openapi/index.ts";
import { pushArchive } from "../lib/publish/index.ts";

/** POST …/zipfile[/{version}]: publishes the package in the zip, uploaded with the request or before it. */
export const handler = endpoint("push", async (request): Promise<Answer | AnswerOf<"Pushed">> => {
  const publisher = request.publisher();
  const organization = request.organization();
  const target = { organization, repository: request.repository(), version: request.version() };
  const given = await givenArchive(request);
  if (prefersAsync(request)) return queueArchive(request, target, given);
  const { archive, maxUnpackedBytes } = given;
  return pushArchive(publisher, { ...target, archive, maxUnpackedBytes });
});
