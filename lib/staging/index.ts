export { Archives, ArchiveTooLongError } from "./archives.ts";
export { BucketError, type BucketPlace } from "./bucket.ts";
export { type PostPolicy, type PresignedPost, presignPost } from "./presigned-post.ts";
export { Records, type StoredRecord } from "./records.ts";
export { PART_BYTES, StagingBucket } from "./staging-bucket.ts";
