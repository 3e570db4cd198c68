import type { Parser } from "xmlrpc/lib/deserializer.js";
import * as z from "zod/mini";
import { type HttpClient, type HttpResponse, NetworkError, UpstreamError } from "../http/index.ts";

/** Longest answer that is read, in bytes: Koji's build with the most metadata on record has 250 kB. */
export const MAX_RPC_ANSWER_BYTES = 10 * 1024 * 1024;

/**
 * Deepest nesting of tags that is read; the answers on record reach 26. The parser looks for the start of a
 * stray end tag among all open ones, so 2 MB of them would keep it busy for minutes.
 */
export const MAX_TAG_DEPTH = 300;

/** Longest text of a fault that goes to the log, in characters: a fault of the database has all of its SQL. */
const MAX_LOGGED_TEXT = 300;

/** What may be asked with. The serializer makes an empty string of anything else. */
export type RpcParameter =
  | string
  | number
  | boolean
  | readonly RpcParameter[]
  | { readonly [name: string]: RpcParameter };

/** Koji's hub understood the call and said no. What it says can be SQL or a traceback: the log has its start. */
export class KojiFault extends Error {
  override readonly name = "KojiFault";
  readonly code: number;
  readonly #text: string;

  constructor(method: string, code: number, text: string) {
    super(`${method}: fault ${code}, ${text.slice(0, MAX_LOGGED_TEXT)}`);
    this.code = code;
    this.#text = text;
  }

  /** All that it says. Not among the properties that are shown when the error is printed. */
  get text(): string {
    return this.#text;
  }
}

const HEADERS = { "content-type": "text/xml", accept: "text/xml", "accept-encoding": "identity" };
const END = "</methodResponse>";

const faultSchema = z.object({ faultCode: z.int(), faultString: z.string() });

/**
 * Calls a method of an XML-RPC service that changes nothing, so that it may be called again.
 *
 * Of the package xmlrpc only the codec is used: its own client waits for ever, reads without a limit, takes
 * an answer with status 500 for good, and lets an empty fault end the process.
 *
 * @returns the value, not checked yet: null for nil, a string for an integer beyond 32 bits (i8), structs
 *   as objects that may have a foreign prototype
 * @throws KojiFault when the service answers with a fault
 * @throws UpstreamError on any status but 200, redirects too
 * @throws NetworkError when the connection fails, or the answer is not XML-RPC
 * @throws TimeoutError as HttpClient does
 */
export async function callRpc(
  http: HttpClient,
  url: URL,
  method: string,
  params: readonly RpcParameter[],
): Promise<unknown> {
  // Of a CommonJS module a bundle has this one name only.
  const { default: serializer } = await import("xmlrpc/lib/serializer.js");
  const body = Buffer.from(serializer.serializeMethodCall(method, params));
  const answer = await http.read({ url, headers: HEADERS, body, maxBytes: MAX_RPC_ANSWER_BYTES });
  if (answer.status !== 200) throw new UpstreamError(method, answer.status, answer.body);
  const outcome = await deserialize(documentOf(method, answer));
  if ("value" in outcome && outcome.value !== undefined) return outcome.value;
  const failure = "failure" in outcome ? outcome.failure : undefined;
  const fault = faultSchema.safeParse(failure);
  if (fault.success) throw new KojiFault(method, fault.data.faultCode, fault.data.faultString);
  throw unusable(method, "is not XML-RPC", failure);
}

/** The text of an answer that is complete as far as one can tell: the decoder takes open ends for good. */
function documentOf(method: string, { headers, body }: HttpResponse): string {
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") throw unusable(method, "is compressed, which was not asked for");
  const text = utf8(method, body);
  if (/<!doctype/i.test(text)) throw unusable(method, "has a DOCTYPE");
  if (!text.trimEnd().endsWith(END)) throw unusable(method, `does not end with ${END}`);
  if (hasImpossibleCharacter(text)) throw unusable(method, "refers to a character that does not exist");
  return text;
}

/** Old releases of the parser throw at these, new ones leave them in the text as they are. */
function hasImpossibleCharacter(text: string): boolean {
  for (const [, hex, decimal] of text.matchAll(/&#(?:x([0-9a-f]+)|([0-9]+));/gi)) {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return true;
  }
  return false;
}

function utf8(method: string, body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (cause) {
    throw unusable(method, "is not UTF-8", cause);
  }
}

type Outcome = { readonly value: unknown } | { readonly failure: unknown };

/**
 * Decodes a response at once. The decoder wants a stream, and an exception in one would end the process; so
 * it gets a stand-in that writes everything while we hold the net.
 */
async function deserialize(text: string): Promise<Outcome> {
  const { default: Deserializer } = await import("xmlrpc/lib/deserializer.js");
  const outcomes: Outcome[] = [];
  try {
    new Deserializer().deserializeMethodResponse(
      {
        setEncoding() {},
        on() {},
        pipe(parser) {
          limitDepth(parser);
          parser.write(text);
          parser.end();
        },
      },
      (failure, value) => outcomes.push(failure ? { failure } : { value }),
    );
  } catch (failure) {
    outcomes.push({ failure });
  }
  return outcomes[0] ?? { value: undefined };
}

function limitDepth(parser: Parser): void {
  let depth = 0;
  parser.on("opentag", () => {
    depth++;
    if (depth > MAX_TAG_DEPTH) throw new RangeError(`more than ${MAX_TAG_DEPTH} nested tags`);
  });
  parser.on("closetag", () => {
    depth--;
  });
}

function unusable(method: string, why: string, cause?: unknown): NetworkError {
  return new NetworkError(`${method}: the answer ${why}`, { cause });
}
