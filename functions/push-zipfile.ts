import { endpoint, givenArchive } from "../lib/api/index.ts";
import { pushArchive } from "../lib/publish/index.ts";

/** POST …/zipfile[/{version}]: publishes the package in the zip, uploaded with the request or before it. */
export const handler = endpoint("push", async (request) => {
  const publisher = request.publisher();
  const organization = request.organization();
  const repository = request.repository();
  const { archive, maxUnpackedBytes } = await givenArchive(request);
  return pushArchive(publisher, {
    organization,
    repository,
    version: request.version(),
    archive,
    maxUnpackedBytes,
  });
});
