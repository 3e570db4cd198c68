import { endpoint, uploadedArchive } from "../lib/api/index.ts";
import { validateArchive } from "../lib/publish/index.ts";

/** POST …/validate: what a push of the uploaded zip would do. */
export const handler = endpoint("read", async (request) => {
  const validator = request.validator();
  const organization = request.organization();
  const archive = await uploadedArchive(request.header("content-type"), request.body());
  const maxUnpackedBytes = validator.config.zipfile_max_uncompressed_size;
  return validateArchive(validator, { organization, archive, maxUnpackedBytes });
});
