export { RecordError, Records, type StoredRecord } from "./records.ts";
export { PART_BYTES, StagingBucket } from "./staging-bucket.ts";
