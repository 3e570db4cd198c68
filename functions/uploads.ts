import { endpoint, newUpload } from "../lib/api/index.ts";

/** POST …/uploads: gives a form by which one archive is uploaded to S3, to be pushed by its ID. */
export const handler = endpoint("read", newUpload);
