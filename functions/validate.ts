import { endpoint, givenArchive } from "../lib/api/index.ts";
import type { AnswerOf } from "../lib/openapi/index.ts";
import { validateArchive } from "../lib/publish/index.ts";

/** POST …/validate: what a push of the uploaded zip would do. */
export const handler = endpoint("read", async (request): Promise<AnswerOf<"Validation">> => {
  const validator = request.validator();
  const organization = request.organization();
  return validateArchive(validator, { organization, ...(await givenArchive(request)) });
});
