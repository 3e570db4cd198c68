import { NetworkError } from "../../http/index.ts";

/** The registry told an address to which nothing of the caller's may go. The message may be shown. */
export class AddressError extends NetworkError {
  override readonly name = "AddressError";
}

/**
 * Resolves an address that the registry told us, to which credentials are to go: that of its tokens (`realm`), of an
 * upload (`Location`), or of a listing's next page (`Link`). What others tell decides nothing: only origins that are
 * configured are taken, so no other host, port or protocol, and no user in the address. Those may well be private.
 *
 * @param allowed the configured addresses
 * @param base what a relative address is relative to
 * @throws AddressError
 */
export function toldAddress(what: string, text: string, allowed: readonly URL[], base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw new AddressError(`The registry names no URL for ${what}`);
  const url = new URL(text, base);
  if (url.username !== "" || url.password !== "") {
    throw new AddressError(`The registry names a URL with credentials of its own for ${what}`);
  }
  if (allowed.some(({ origin }) => origin === url.origin)) return url;
  const origins = [...new Set(allowed.map(({ origin }) => origin))].join(" or ");
  throw new AddressError(
    `The registry names ${url.protocol}//${url.host} for ${what}; expected ${origins}, as configured. No credentials were sent there`,
  );
}
