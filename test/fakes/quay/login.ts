import { type Answer, cnrJson, Refusal, serverError } from "./answer.ts";
import type { Call } from "./call.ts";
import { invalidUsage, unauthorizedAccess } from "./cnr-errors.ts";
import { bodyFields, isFields, isTruthy } from "./request-body.ts";

const isAscii = (text: string) => Buffer.byteLength(text) === text.length;

function credentials(call: Call): readonly [string, string] {
  const { user = {} } = bodyFields(call.body);
  if (!isFields(user)) throw new Refusal(serverError);
  const { username, password } = user;
  if (!isTruthy(username) || !isTruthy(password)) {
    throw new Refusal(invalidUsage("Missing username or password"));
  }
  if (typeof username !== "string" || typeof password !== "string") throw new Refusal(serverError);
  return [username, password];
}

export function login(call: Call): Answer {
  const [username, password] = credentials(call);
  const verdict = call.quay.accounts.verify(username, password);
  if ("fault" in verdict) return unauthorizedAccess(verdict.fault);
  if (!isAscii(password)) return serverError;
  return cnrJson({ token: `basic ${Buffer.from(`${username}:${password}`).toString("base64")}` });
}
