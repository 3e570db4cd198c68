import { type Answer, buildPublisher, endpoint, prefersAsync, queueBuild } from "../lib/api/index.ts";
import type { AnswerOf } from "../lib/openapi/index.ts";
import { pushBuild } from "../lib/publish/index.ts";

/** POST …/koji/{nvr}[/{version}]: publishes the package of a Koji build. */
export const handler = endpoint("push", (request): Promise<Answer | AnswerOf<"PushedBuild">> => {
  const publisher = request.publisher();
  const organization = request.organization();
  const target = { organization, repository: request.repository(), version: request.version() };
  if (prefersAsync(request)) return queueBuild(request, target, request.nvr());
  return pushBuild(buildPublisher(request, publisher), { ...target, nvr: request.nvr() });
});
