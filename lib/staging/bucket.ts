import { type AwsPlace, domainOf, endpointOf, regionOf, signedHeaders } from "../aws/index.ts";
import { type HttpResponse, UpstreamError } from "../http/index.ts";

/** S3 did not do what it was asked for. */
export class BucketError extends Error {
  override readonly name = "BucketError";
  /** Whether it may do so the next time. */
  readonly passing: boolean;

  constructor(what: string, passing: boolean, options?: ErrorOptions) {
    super(`S3: cannot ${what}`, options);
    this.passing = passing;
  }
}

/** Where a bucket is, and who we are. */
export interface BucketPlace extends AwsPlace {
  readonly bucket: string;
}

/** The address of a bucket, without a slash at the end. A stand-in has no host name for each bucket. */
export function bucketUrl(place: BucketPlace): string {
  const region = regionOf(place);
  const endpoint = endpointOf(place, "S3");
  return endpoint
    ? `${endpoint}/${place.bucket}`
    : `https://${place.bucket}.s3.${region}.${domainOf(region)}`;
}

/** The address of an object, and the headers of a signed request for it. */
export async function objectRequest(
  place: BucketPlace,
  method: string,
  key: string,
  headers: Readonly<Record<string, string>> = {},
  body?: Buffer,
): Promise<{ url: URL; headers: Record<string, string> }> {
  const url = new URL(`${bucketUrl(place)}/${key.split("/").map(encodeURIComponent).join("/")}`);
  return { url, headers: await signedHeaders(place, { service: "s3", method, url, headers, body }) };
}

/**
 * Asks S3 for something.
 *
 * @param what it is, for the error
 * @param expected statuses of use beside those of success
 * @throws BucketError where no answer came, or one of no use
 */
export async function askBucket<T extends Pick<HttpResponse, "status"> & { readonly body?: Buffer }>(
  what: string,
  expected: readonly number[],
  ask: () => Promise<T>,
): Promise<T> {
  const answer = await ask().catch((cause: unknown) => {
    throw new BucketError(what, true, { cause });
  });
  const { status, body = Buffer.alloc(0) } = answer;
  if ((status >= 200 && status < 300) || expected.includes(status)) return answer;
  throw new BucketError(what, status >= 500 || status === 429, {
    cause: new UpstreamError(what, status, body),
  });
}
