export { PART_BYTES, StagingBucket } from "./staging-bucket.ts";
