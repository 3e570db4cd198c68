import { buildPublisher, endpoint } from "../lib/api/index.ts";
import { pushBuild } from "../lib/publish/index.ts";

/** POST …/koji/{nvr}[/{version}]: publishes the package of a Koji build. */
export const handler = endpoint("push", (request) =>
  pushBuild(buildPublisher(request, request.publisher()), {
    organization: request.organization(),
    repository: request.repository(),
    nvr: request.nvr(),
    version: request.version(),
  }),
);
