export {
  OrganizationSecrets,
  type OrganizationTokens,
  SECRET_CACHE_MS,
} from "./organization-secrets.ts";
