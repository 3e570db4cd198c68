import { type AwsPlace, credentialsOf, regionOf } from "./place.ts";

/** A request to a service of AWS. */
export interface AwsRequest {
  readonly service: "s3" | "kms" | "sqs";
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

/** The headers of a request, with its signature; their names are in lower case. */
export async function signedHeaders(
  place: AwsPlace,
  { service, method, url, headers = {}, body }: AwsRequest,
): Promise<Record<string, string>> {
  const { default: aws4 } = await import("aws4");
  const signed = aws4.sign(
    {
      service,
      region: regionOf(place),
      method,
      host: url.host,
      path: url.pathname,
      headers: { ...headers },
      ...(body && { body }),
    },
    credentialsOf(place),
  );
  const all = Object.entries(signed.headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  return Object.fromEntries(all);
}
