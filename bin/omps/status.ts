import { ANSWERS, type AnswerOf } from "../../lib/openapi/answers.ts";
import { ask } from "./api.ts";
import type { Call } from "./call.ts";
import { EXIT, Failure, plain } from "./failure.ts";
import { followOperation, tellOperation } from "./operation.ts";

type Health = AnswerOf<"Health">;

/** `omps status`: of the server, or of an operation. */
export async function status(call: Call): Promise<number> {
  const { given } = call;
  const id = given.positionals[0];
  if (id === undefined) return serverStatus(call);
  return given.flag("wait") ? followOperation(call, id) : tellOperation(call, id);
}

/** That a service does not work is an answer, not a failure to be tried again. */
async function serverStatus(call: Call): Promise<number> {
  const { terminal } = call;
  const about = await ask(call, { method: "GET", path: "/v2/about", token: "none" });
  const health = await ask(call, {
    method: "GET",
    path: "/v2/health/ping",
    token: "none",
    expects: [503],
    once: true,
  });
  const known = {
    about: ANSWERS.About.safeParse(about.body).data,
    health: ANSWERS.Health.safeParse(health.body).data,
  };
  if (!known.about || !known.health)
    throw new Failure(EXIT.failed, `${call.server()} does not tell of its health as OMPS does.`);
  if (call.json) terminal.out(`{"about":${about.text},"health":${health.text}}\n`);
  else terminal.out(report(call.server(), known.about, known.health));
  if (known.health.ok) return EXIT.ok;
  throw new Failure(EXIT.failed, `${call.server()} is not well: a service that it needs does not work.`);
}

function report(
  server: string,
  { version, operatorcourier }: AnswerOf<"About">,
  { services }: Health,
): string {
  const rows = Object.entries(services).map(([name, state]) => {
    if (state === null) return `  ${name.padEnd(10)} not configured\n`;
    return `  ${name.padEnd(10)} ${state.ok ? "ok" : "FAILS"}: ${plain(state.details)}\n`;
  });
  const rules = `rules of operator-courier ${plain(operatorcourier)}`;
  return `${server}: OMPS ${plain(version)}, ${rules}\n${rows.join("")}`;
}
