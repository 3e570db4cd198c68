/** The functions that are deployed behind the API; each is `functions/<name>.ts`. */
export type FunctionName =
  | "push-zipfile"
  | "push-koji"
  | "delete-releases"
  | "releases"
  | "validate"
  | "validate-koji"
  | "uploads"
  | "operations"
  | "health"
  | "about"
  | "docs"
  | "page";

/** One route of the API. A path's `{name}` matches one segment that is not empty. */
export interface Route {
  readonly methods: readonly string[];
  readonly path: string;
  readonly serves: FunctionName;
}

const GET = ["GET", "HEAD"];

/** Every route: the stack deploys them, the local front serves them, the not-found function tells 404 from 405 by them. */
export const ROUTES: readonly Route[] = [
  { methods: ["POST"], path: "/v1/{organization}/{repository}/zipfile", serves: "push-zipfile" },
  { methods: ["POST"], path: "/v1/{organization}/{repository}/zipfile/{version}", serves: "push-zipfile" },
  { methods: ["POST"], path: "/v2/{organization}/zipfile", serves: "push-zipfile" },
  { methods: ["POST"], path: "/v2/{organization}/zipfile/{version}", serves: "push-zipfile" },
  { methods: ["POST"], path: "/v1/{organization}/{repository}/koji/{nvr}", serves: "push-koji" },
  { methods: ["POST"], path: "/v1/{organization}/{repository}/koji/{nvr}/{version}", serves: "push-koji" },
  { methods: ["POST"], path: "/v2/{organization}/koji/{nvr}", serves: "push-koji" },
  { methods: ["POST"], path: "/v2/{organization}/koji/{nvr}/{version}", serves: "push-koji" },
  { methods: ["DELETE"], path: "/v1/{organization}/{repository}", serves: "delete-releases" },
  { methods: ["DELETE"], path: "/v1/{organization}/{repository}/{version}", serves: "delete-releases" },
  { methods: ["DELETE"], path: "/v2/{organization}/{repository}", serves: "delete-releases" },
  { methods: ["DELETE"], path: "/v2/{organization}/{repository}/{version}", serves: "delete-releases" },
  { methods: ["POST"], path: "/v2/{organization}/validate", serves: "validate" },
  { methods: ["POST"], path: "/v2/{organization}/validate/koji/{nvr}", serves: "validate-koji" },
  { methods: GET, path: "/v2/{organization}/{repository}/releases", serves: "releases" },
  { methods: ["POST"], path: "/v2/{organization}/uploads", serves: "uploads" },
  { methods: GET, path: "/v2/operations/{operation}", serves: "operations" },
  { methods: GET, path: "/v1/health/ping", serves: "health" },
  { methods: GET, path: "/v2/health/ping", serves: "health" },
  { methods: GET, path: "/v1/about", serves: "about" },
  { methods: GET, path: "/v2/about", serves: "about" },
  { methods: GET, path: "/openapi.json", serves: "docs" },
  { methods: GET, path: "/docs", serves: "docs" },
  { methods: GET, path: "/", serves: "page" },
];

/** The routes whose path matches a decoded request path, with its parameters; the most literal first. */
export function matchPath(path: string): { route: Route; parameters: Record<string, string> }[] {
  const segments = path.split("/");
  return ROUTES.flatMap((route) => {
    const parameters = matchSegments(route.path.split("/"), segments);
    return parameters ? [{ route, parameters }] : [];
  }).toSorted((a, b) => Object.keys(a.parameters).length - Object.keys(b.parameters).length);
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? "";
    const name = /^\{(.+)\}$/.exec(expected)?.[1];
    if (name !== undefined && segment !== "") parameters[name] = segment;
    else if (segment !== expected) return undefined;
  }
  return parameters;
}
