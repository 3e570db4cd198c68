import { endpoint } from "../lib/api/index.ts";
import { deleteReleases } from "../lib/publish/index.ts";

/** DELETE …/{repository}[/{version}]: deletes one release of a repository, or all. */
export const handler = endpoint("delete", (request) => {
  const publisher = request.publisher();
  const repository = { organization: request.organization(), repository: request.repository() ?? "" };
  return deleteReleases(publisher, repository, request.version(), (ms) => request.sleep(ms));
});
