import { setTimeout } from "node:timers/promises";
import { ANSWERS, type AnswerOf } from "../../lib/openapi/answers.ts";
import { type ApiAnswer, ask, refusal } from "./api.ts";
import type { Call } from "./call.ts";
import { EXIT, Failure, plain } from "./failure.ts";
import { pushedLine } from "./pushed.ts";

/** Between two questions where the server names no pause, in seconds. */
const PAUSE_S = 2;

type Operation = AnswerOf<"Operation">;

/**
 * Asks how a push goes until it has ended, with a line for each step, and tells its end.
 *
 * @throws Failure where it failed
 */
export async function followOperation(call: Call, id: string): Promise<number> {
  const { terminal } = call;
  terminal.doing = `The push goes on; 'omps status ${id}' tells how.`;
  let told = "";
  for (;;) {
    const { answer, operation } = await readOperation(call, id);
    const state = stateOf(operation);
    if (state !== told) terminal.note(`${id}: ${state}`);
    told = state;
    if (operation.ended !== undefined) return tellEnd(call, answer, operation);
    const pause = Number(answer.headers["retry-after"] ?? PAUSE_S);
    await setTimeout((pause >= 0 && pause <= 60 ? pause : PAUSE_S) * 1000);
  }
}

/** Tells how a push goes now, or has ended. Throws a Failure where it failed. */
export async function tellOperation(call: Call, id: string): Promise<number> {
  const { answer, operation } = await readOperation(call, id);
  if (operation.ended !== undefined) return tellEnd(call, answer, operation);
  call.terminal.out(call.json ? `${answer.text}\n` : `${id}: ${stateOf(operation)}\n`);
  return EXIT.ok;
}

async function readOperation(call: Call, id: string): Promise<{ answer: ApiAnswer; operation: Operation }> {
  const path = `/v2/operations/${encodeURIComponent(id)}`;
  const answer = await ask(call, { method: "GET", path, token: "needed" });
  const operation = ANSWERS.Operation.safeParse(answer.body).data;
  if (operation) return { answer, operation };
  throw new Failure(EXIT.failed, `The server tells of ${plain(id)} in a way that is not known.`);
}

function tellEnd({ terminal, json }: Call, { text }: ApiAnswer, { error, result }: Operation): number {
  if (error) throw refusal(error, text, error.status);
  terminal.out(json ? `${text}\n` : pushedLine(result));
  return EXIT.ok;
}

function stateOf({ status, step, tries }: Operation): string {
  const at = step === undefined ? "" : `, ${plain(step)}`;
  return `${status}${at}${tries > 1 ? ` (try ${tries})` : ""}`;
}
