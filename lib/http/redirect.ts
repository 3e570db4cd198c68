import type { HttpResponse } from "./exchange.ts";
import { NetworkError } from "./failure.ts";

/** Most redirects that a read follows. */
export const MAX_REDIRECTS = 5;

export function isRedirect({ status, headers }: Pick<HttpResponse, "status" | "headers">): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers["location"] !== undefined;
}

/**
 * Where a redirect leads.
 *
 * @param redirects how many were followed before
 * @throws NetworkError when it leads to another origin or to no URL, brings credentials, or is one too many
 */
export function redirectTarget(from: URL, response: Pick<HttpResponse, "headers">, redirects: number): URL {
  const location = String(response.headers["location"]);
  if (redirects >= MAX_REDIRECTS)
    throw new NetworkError(`GET ${from.host}: more than ${MAX_REDIRECTS} redirects`);
  if (!URL.canParse(location, from.href)) throw new NetworkError(`GET ${from.host}: redirected to no URL`);
  const target = new URL(location, from);
  if (target.origin !== from.origin) {
    throw new NetworkError(`GET ${from.host}: redirected to another origin, ${target.origin}`);
  }
  if (target.username !== "" || target.password !== "") {
    throw new NetworkError(`GET ${from.host}: redirected to a URL with credentials`);
  }
  return target;
}
