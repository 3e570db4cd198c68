import { randomUUID } from "node:crypto";
import { ANSWERS, type AnswerOf } from "../../lib/openapi/answers.ts";
import { type ApiAnswer, ask } from "./api.ts";
import type { Call } from "./call.ts";
import { EXIT, Failure, plain, UsageFailure } from "./failure.ts";

/** Most releases that OMPS gives at once. */
const PAGE = "100";

type Releases = AnswerOf<"Releases">;

/** `omps releases`: a table of all, or one page as JSON. */
export async function releases(call: Call): Promise<number> {
  const { given, terminal } = call;
  const query = new URLSearchParams({ limit: given.text("limit") ?? PAGE });
  const rows: Releases["releases"] = [];
  for (let after = given.text("after"); ; ) {
    if (after !== undefined) query.set("after", after);
    const path = `${repositoryPath(call)}/releases?${query.toString()}`;
    const answer = await ask(call, { method: "GET", path, token: "needed" });
    if (call.json) {
      terminal.out(`${answer.text}\n`);
      return EXIT.ok;
    }
    const page = pageOf(answer);
    rows.push(...page.releases);
    const behind = afterOf(page);
    // A page that is asked for by its length is all that is wanted.
    if (behind === undefined || behind === after || given.text("limit") !== undefined) break;
    after = behind;
  }
  terminal.out(table(rows));
  return EXIT.ok;
}

/** `omps delete`: one release, or all with --all. */
export async function deleteReleases(call: Call): Promise<number> {
  const { given, terminal } = call;
  const version = given.positionals[1];
  if (given.flag("all") === (version !== undefined))
    throw new UsageFailure("Name the version to delete, or give --all to delete each release.");
  const path = repositoryPath(call) + (version === undefined ? "" : `/${encodeURIComponent(version)}`);
  terminal.doing = "The release may still be deleted; 'omps releases' tells.";
  const headers = { "idempotency-key": `"${randomUUID()}"` };
  const answer = await ask(call, { method: "DELETE", path, token: "needed", headers });
  const deleted = ANSWERS.Deleted.safeParse(answer.body).data;
  if (!deleted) throw new Failure(EXIT.failed, "The server answered the deletion with something unknown.");
  const { organization, repo } = deleted;
  const line = `Deleted ${organization}/${repo}: ${deleted.deleted.join(", ")}`;
  terminal.out(call.json ? `${answer.text}\n` : `${plain(line)}\n`);
  return EXIT.ok;
}

function repositoryPath(call: Call): string {
  const repository = call.given.positional(0);
  return `/v2/${encodeURIComponent(call.organization())}/${encodeURIComponent(repository)}`;
}

/** Where the next page begins; undefined at the end. The path of its address may be that of a server behind another. */
function afterOf({ next }: Releases): string | undefined {
  return new URLSearchParams(next?.split("?")[1] ?? "").get("after") ?? undefined;
}

function pageOf({ body }: ApiAnswer): Releases {
  const page = ANSWERS.Releases.safeParse(body).data;
  if (page) return page;
  throw new Failure(EXIT.failed, "The server lists releases in a way that is not known.");
}

function table(rows: Releases["releases"]): string {
  const cells = [
    ["VERSION", "CREATED", "DIGEST"],
    ...rows.map(({ version, created, digest }) => [version, created ?? "-", digest ?? "-"].map(plain)),
  ];
  const width = (column: number) => Math.max(...cells.map((row) => row[column]?.length ?? 0));
  const [first, second] = [width(0), width(1)];
  return cells.map(([a = "", b = "", c = ""]) => `${a.padEnd(first)}  ${b.padEnd(second)}  ${c}\n`).join("");
}
