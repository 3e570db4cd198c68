import { createHmac } from "node:crypto";
import { type AwsPlace, credentialsOf, regionOf } from "../aws/index.ts";
import { type BucketPlace, bucketUrl } from "./bucket.ts";

/** What one upload may be. */
export interface PostPolicy {
  readonly key: string;
  readonly contentType: string;
  /** Most bytes; one at least is wanted. */
  readonly maxBytes: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly expires: number;
}

/** A form by which who has no credentials can upload one object. */
export interface PresignedPost {
  readonly url: string;
  /** All fields of the form but `file`, which comes last. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Signs a form for an upload to S3, with the rights that we have ourselves: the object must have this key and type, and
 * no more bytes, and come in time. S3 holds it to that.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function presignPost(place: BucketPlace, policy: PostPolicy): PresignedPost {
  const { accessKeyId, sessionToken } = credentialsOf(place);
  const time = new Date(policy.now).toISOString().replaceAll(/[:-]|\.\d{3}/g, "");
  const scope = `${time.slice(0, 8)}/${regionOf(place)}/s3/aws4_request`;
  const signed = {
    key: policy.key,
    "Content-Type": policy.contentType,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${accessKeyId}/${scope}`,
    "X-Amz-Date": time,
    ...(sessionToken && { "X-Amz-Security-Token": sessionToken }),
  };
  const document = JSON.stringify({
    expiration: new Date(policy.expires).toISOString(),
    conditions: [
      { bucket: place.bucket },
      ...Object.entries(signed).map(([name, value]) => ["eq", `$${name}`, value]),
      ["content-length-range", 1, policy.maxBytes],
    ],
  });
  const Policy = Buffer.from(document).toString("base64");
  const fields = { ...signed, Policy, "X-Amz-Signature": signature(place, scope, Policy) };
  return { url: bucketUrl(place), fields };
}

/** aws4 signs requests only. A policy takes the same key, which is made of the parts of the scope. */
function signature(place: AwsPlace, scope: string, text: string): string {
  let key: string | Buffer = `AWS4${credentialsOf(place).secretAccessKey}`;
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  return createHmac("sha256", key).update(text).digest("hex");
}
