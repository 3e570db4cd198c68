import { createHmac, randomBytes } from "node:crypto";

/** Hexadecimal digits of a fingerprint: enough that two tokens of a deployment do not share one. */
const DIGITS = 16;

/** Gives a short text that tells one token from another and from which the token cannot be found. */
export type Fingerprint = (token: string) => string;

/**
 * Fingerprints of one deployment. They are keyed, so that who reads logs cannot try out passwords.
 *
 * @param key the deployment's; a random one unless told, whose fingerprints can be compared with each other only
 */
export function createFingerprint(key: string | undefined): Fingerprint {
  const secret = key || randomBytes(32);
  return (token) => createHmac("sha256", secret).update(token).digest("hex").slice(0, DIGITS);
}
