import { readFile } from "node:fs/promises";
import { z } from "zod";

/** One exchange with Quay 3.6, as it was recorded. */
const exchangeSchema = z.object({
  name: z.string(),
  method: z.string(),
  path: z.string(),
  /** A label of AUTHORIZATION. */
  auth: z.string().nullable(),
  /** The JSON body, a raw text, or "(large)". */
  request: z.unknown(),
  status: z.number(),
  content_type: z.string(),
  disposition: z.string().nullable(),
  retry_after: z.string().nullable(),
  body: z.string(),
});

export type Exchange = z.infer<typeof exchangeSchema>;
export type Outcome = Pick<
  Exchange,
  "path" | "status" | "content_type" | "disposition" | "retry_after" | "body"
>;

const basic = (user: string, password: string) =>
  `basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
const robot = (name: string, suffix: string) => basic(`acme+${name}`, "R".repeat(60) + suffix);
const oauth = (token: string) => token + "x".repeat(20);

/** The values of the Authorization header, by the labels of the recording. */
export const AUTHORIZATION: Readonly<Record<string, string>> = {
  alice: basic("alice", "password"),
  bob: basic("bob", "password"),
  carol: basic("carol", "password"),
  mallory: basic("mallory", "password"),
  pusher: robot("pusher", "PUSH"),
  puller: robot("puller", "PULL"),
  unknown: basic("nobody", "nope"),
  garbage: "garbage",
  oauth: basic("$oauthtoken", oauth("ALICEALLSCOPES000000")),
  oauthread: basic("$oauthtoken", oauth("ALICEREPOREAD0000000")),
  bearer: `Bearer ${oauth("ALICEALLSCOPES000000")}`,
  bearerread: `Bearer ${oauth("ALICEREPOREAD0000000")}`,
  bearerexpired: `Bearer ${oauth("ALICEEXPIRED00000000")}`,
  bearerbad: "Bearer nope",
  bearermallory: `Bearer ${oauth("MALLORYREPOADMIN0000")}`,
};

export async function readRecording(file: URL): Promise<Exchange[]> {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => exchangeSchema.parse(JSON.parse(line)));
}

function maskTimes(text: string): string {
  return text
    .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]{8} [-+]0000/g, "<DATE>")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/g, "<TS>");
}

async function readOutcome(path: string, response: Response): Promise<Outcome> {
  const contentType = response.headers.get("content-type") ?? "";
  const bytes = Buffer.from(await response.arrayBuffer());
  return {
    path,
    status: response.status,
    content_type: contentType,
    disposition: response.headers.get("content-disposition"),
    retry_after: response.headers.get("retry-after"),
    body: contentType.includes("gzip") ? `base64:${bytes.toString("base64")}` : maskTimes(bytes.toString()),
  };
}

/** Sends the recorded request to another server; status 0 when the connection was dropped. */
export async function repeat(baseUrl: string, exchange: Exchange): Promise<Outcome> {
  const { method, path, auth, request } = exchange;
  const headers = new Headers();
  const authorization = auth === null ? undefined : AUTHORIZATION[auth];
  if (authorization !== undefined) headers.set("authorization", authorization);
  if (request !== null) headers.set("content-type", "application/json");
  const body = request === null || typeof request === "string" ? request : JSON.stringify(request);
  try {
    return await readOutcome(
      path,
      await fetch(baseUrl + path, { method, headers, body, redirect: "manual" }),
    );
  } catch {
    return { path, status: 0, content_type: "", disposition: null, retry_after: null, body: "" };
  }
}

const namedSchema = z.object({ name: z.string() });

function byName(a: unknown, b: unknown): number {
  const [left, right] = [namedSchema.safeParse(a), namedSchema.safeParse(b)];
  return left.success && right.success ? left.data.name.localeCompare(right.data.name) : 0;
}

const infoSchema = z.looseObject({ releases: z.array(z.unknown()) });

/** JSON as data, without the orders that Quay does not define; the text of HTML pages is not compared. */
function comparableBody({ path, body }: Outcome, contentType: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body.replace(/https?:\/\/[^/"\s]+(?=\/api\/v1\/error\/)/g, "http://HOST"));
  } catch {
    return contentType === "text/html" ? "(html)" : body;
  }
  if (Array.isArray(value)) return path.includes("/packages?") ? value.toSorted(byName) : value;
  const info = infoSchema.safeParse(value);
  return info.success ? { ...info.data, releases: info.data.releases.toSorted(byName) } : value;
}

/** What two servers must agree on. */
export function comparable(outcome: Outcome): unknown {
  if ([0, 502, 504].includes(outcome.status)) return "dropped";
  const contentType = outcome.content_type.replace(/;.*/s, "").trim().toLowerCase();
  return {
    status: outcome.status,
    contentType,
    disposition: outcome.disposition,
    hasRetryAfter: outcome.retry_after !== null,
    body: comparableBody(outcome, contentType),
  };
}
