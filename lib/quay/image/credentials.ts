import { QuayAuthorizationError } from "../../errors/index.ts";
import { Secret } from "../../telemetry/index.ts";

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

/** A user's name, a colon, and a password, none of them with control characters (RFC 7617). */
const USER_AND_PASSWORD = /^[^:\p{Cc}]+:[^\p{Cc}]+$/u;

/**
 * The header for Basic authentication from the caller's Authorization header, which is `basic BASE64(user:password)`.
 *
 * @throws QuayAuthorizationError for any other header: it is sent nowhere
 */
export function basicCredentials(authorization: string): Secret {
  const [, encoded] = BASIC.exec(authorization.trim()) ?? [];
  if (encoded !== undefined && USER_AND_PASSWORD.test(Buffer.from(encoded, "base64").toString())) {
    return new Secret(`Basic ${encoded}`);
  }
  throw new QuayAuthorizationError(
    "The Authorization header is not of use for an image registry: expected 'basic' and the base64 of 'user:password', as Quay's login gives it. Nothing was sent to the registry.",
  );
}
