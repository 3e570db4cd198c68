import { endpoint } from "../lib/api/index.ts";
import type { AnswerOf } from "../lib/openapi/index.ts";
import { deleteReleases } from "../lib/publish/index.ts";

/** DELETE …/{repository}[/{version}]: deletes one release of a repository, or all. */
export const handler = endpoint("delete", (request): Promise<AnswerOf<"Deleted">> => {
  const publisher = request.publisher();
  const repository = { organization: request.organization(), repository: request.repository() ?? "" };
  return deleteReleases(publisher, repository, request.version(), (ms) => request.sleep(ms));
});
