import { endpoint, pageWanted, releasesAnswer } from "../lib/api/index.ts";
import { listReleases } from "../lib/publish/index.ts";

/** GET …/{repository}/releases: which releases a repository has. */
export const handler = endpoint("read", async (request) => {
  const publisher = request.publisher();
  const repository = { organization: request.organization(), repository: request.repository() ?? "" };
  return releasesAnswer(request, await listReleases(publisher, repository, pageWanted(request)));
});
