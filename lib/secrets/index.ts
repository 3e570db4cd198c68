export { OrganizationSecrets, type OrganizationTokens } from "./organization-secrets.ts";
export { MAX_TOKEN_BYTES, TokenCipher, TokenCipherError, type TokenKey } from "./token-cipher.ts";
