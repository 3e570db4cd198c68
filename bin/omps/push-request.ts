import { randomUUID } from "node:crypto";
import { ANSWERS } from "../../lib/openapi/answers.ts";
import type { ApiAnswer } from "./api.ts";
import type { Call } from "./call.ts";
import { EXIT, Failure, plain, UsageFailure } from "./failure.ts";
import { followOperation } from "./operation.ts";
import { pushedLine } from "./pushed.ts";

/** The path of a push. Without a repository, OMPS takes the package's own name for it. */
export function pushPath(call: Call, what: string, version: string | undefined): string {
  const organization = encodeURIComponent(call.organization());
  const repository = call.given.text("repository");
  const place =
    repository === undefined
      ? `/v2/${organization}`
      : `/v1/${organization}/${encodeURIComponent(repository)}`;
  return `${place}/${what}${version === undefined ? "" : `/${encodeURIComponent(version)}`}`;
}

/**
 * Headers of a push: a key of its own, with which each retry is the same push.
 *
 * @throws UsageFailure where it is to be waited for and not
 */
export function pushHeaders({ given }: Call): Record<string, string> {
  if (given.flag("wait") && given.flag("async")) throw new UsageFailure("Give --wait or --async, not both.");
  const queued = given.flag("wait") || given.flag("async");
  return { "idempotency-key": `"${randomUUID()}"`, ...(queued && { prefer: "respond-async" }) };
}

/** Tells what became of a push, and gives the exit status. A queued one is followed to its end with --wait. */
export async function tellPush(call: Call, answer: ApiAnswer): Promise<number> {
  const { terminal, given } = call;
  if (answer.status !== 202) {
    terminal.out(call.json ? `${answer.text}\n` : pushedLine(answer.body));
    return EXIT.ok;
  }
  const queued = ANSWERS.Accepted.safeParse(answer.body).data;
  if (!queued) throw new Failure(EXIT.failed, "The server queued the push, and does not tell its ID.");
  const id = plain(queued.id);
  if (given.flag("wait")) return followOperation(call, id);
  terminal.out(call.json ? `${answer.text}\n` : `Queued as ${id}; 'omps status ${id}' tells how it goes.\n`);
  return EXIT.ok;
}
