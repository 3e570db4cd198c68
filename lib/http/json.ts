import type { Json, JsonObject } from "../errors/index.ts";
import type { HttpResponse } from "./exchange.ts";

/** Deepest nesting of an object that is passed on. Writing JSON ends at some 4,000, with an exception. */
export const MAX_JSON_DEPTH = 100;

/** The value of a JSON body, whatever type it is sent as; undefined where it is none. */
export function answerJson({ body }: Pick<HttpResponse, "body">): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** The body's JSON object, to be shown to a caller; undefined where the body is anything else. */
export function answerObject(answer: Pick<HttpResponse, "body">): JsonObject | undefined {
  const value = answerJson(answer);
  return isJson(value, MAX_JSON_DEPTH) && isObject(value) ? value : undefined;
}

function isJson(value: unknown, depth: number): value is Json {
  if (typeof value !== "object" || value === null) return value !== undefined;
  return depth > 0 && Object.values(value).every((member) => isJson(member, depth - 1));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
