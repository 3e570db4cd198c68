import { endpoint, uploadedArchive } from "../lib/api/index.ts";
import { pushArchive } from "../lib/publish/index.ts";

/** POST …/zipfile[/{version}]: publishes the package in the uploaded zip. */
export const handler = endpoint("push", async (request) => {
  const publisher = request.publisher();
  const organization = request.organization();
  const repository = request.repository();
  const archive = await uploadedArchive(request.header("content-type"), request.body());
  const maxUnpackedBytes = publisher.config.zipfile_max_uncompressed_size;
  return pushArchive(publisher, {
    organization,
    repository,
    version: request.version(),
    archive,
    maxUnpackedBytes,
  });
});
