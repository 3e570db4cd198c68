export {
  type AwsCredentials,
  type AwsPlace,
  credentialsOf,
  domainOf,
  endpointOf,
  regionOf,
} from "./place.ts";
export type { AwsSettings } from "./settings.ts";
export { type AwsRequest, signedHeaders } from "./sign.ts";
