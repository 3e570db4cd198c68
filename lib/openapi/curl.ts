import type { Operation } from "./model.ts";

/** A command that does the operation, with the parameters of the examples. `$OMPS` is where the API is. */
export function curl(path: string, method: string, { parameters, requestBody, security }: Operation): string {
  const examples = new Map(
    parameters.filter((parameter) => parameter.in === "path").map(({ name, example }) => [name, example]),
  );
  const url = path.replaceAll(/\{(.+?)\}/g, (placeholder, name: string) => examples.get(name) ?? placeholder);
  const form = requestBody?.content["multipart/form-data"];
  return [
    "curl",
    ...(security.length > 0 ? [`-H "Authorization: $TOKEN"`] : []),
    ...(form ? ["-F file=@manifests.zip"] : methodOption(method)),
    `"$OMPS${url}"`,
  ].join(" ");
}

function methodOption(method: string): string[] {
  return method === "get" ? [] : [`-X ${method.toUpperCase()}`];
}
