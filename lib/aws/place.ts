import type { AwsSettings } from "./settings.ts";

/** Where AWS is, and who we are. */
export interface AwsPlace {
  readonly aws: AwsSettings;
  /** Environment variables, where `aws` does not tell. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export function regionOf({ aws, env }: AwsPlace): string {
  return aws.region ?? env["AWS_REGION"] ?? "us-east-1";
}

/** Lambda puts those of the function's role into the environment. */
export function credentialsOf({ aws, env }: AwsPlace): AwsCredentials {
  if (aws.credentials) return aws.credentials;
  const sessionToken = env["AWS_SESSION_TOKEN"];
  return {
    accessKeyId: env["AWS_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: env["AWS_SECRET_ACCESS_KEY"] ?? "",
    ...(sessionToken && { sessionToken }),
  };
}

/** Where what stands for AWS is, without a slash at the end; undefined where that is AWS itself. */
export function endpointOf({ aws, env }: AwsPlace, service: "S3" | "KMS" | "SQS"): string | undefined {
  const endpoint = aws.endpoint ?? env[`AWS_ENDPOINT_URL_${service}`] ?? env["AWS_ENDPOINT_URL"];
  return endpoint ? endpoint.replace(/\/+$/, "") : undefined;
}

/** The domain of AWS's services in a region. */
export function domainOf(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}
