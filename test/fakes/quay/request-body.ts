import { Refusal, serverError } from "./answer.ts";

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Undefined when it is not JSON. */
export function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** Truth as python has it: empty lists and objects are false too. */
export function isTruthy(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** /cnr takes whatever is no JSON, or nothing much, for `{}`, and fails on what has no fields. */
export function bodyFields(body: Buffer): Fields {
  const value = parseBody(body);
  if (!isTruthy(value)) return {};
  if (!isFields(value)) throw new Refusal(serverError);
  return value;
}

/** `str()` of a JSON value, for the kinds that a version may be given as. */
export function pythonText(value: unknown): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  return typeof value === "string" ? value : JSON.stringify(value);
}
