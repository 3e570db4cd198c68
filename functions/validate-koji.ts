import { buildPublisher, endpoint } from "../lib/api/index.ts";
import type { AnswerOf } from "../lib/openapi/index.ts";
import { archiveOfBuild, validateArchive } from "../lib/publish/index.ts";

/** POST …/validate/koji/{nvr}: what a push of a Koji build would do. */
export const handler = endpoint("read", async (request): Promise<AnswerOf<"BuildValidation">> => {
  const publisher = buildPublisher(request, request.publisher());
  const organization = request.organization();
  const { nvr, ...archive } = await archiveOfBuild(publisher, request.nvr());
  const validator = { ...publisher, mayAsk: true };
  return { ...(await validateArchive(validator, { organization, ...archive })), nvr };
});
