export { OrganizationSecrets, type OrganizationTokens } from "./organization-secrets.ts";
