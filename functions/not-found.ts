import { endpoint, matchPath } from "../lib/api/index.ts";
import { MethodNotAllowedError, RouteNotFoundError } from "../lib/errors/index.ts";

/** Every other request: 405 where the path is known with other methods, else 404. */
export const handler = endpoint("read", ({ event }) => {
  const { method, path } = event.requestContext.http;
  const allowed = [...new Set(matchPath(path).flatMap(({ route }) => route.methods))].join(", ");
  if (allowed === "")
    throw new RouteNotFoundError(
      `There is nothing at ${JSON.stringify(path.slice(0, 200))}. GET /docs tells what there is.`,
    );
  throw new MethodNotAllowedError(`The method ${method} is not allowed here; allowed: ${allowed}.`, {
    headers: { allow: allowed },
  });
});
