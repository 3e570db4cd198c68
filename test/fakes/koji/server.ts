import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { posix } from "node:path";
import { buffer } from "node:stream/consumers";
import type { Answer } from "../answer.ts";
import { deliver } from "../delivery.ts";
import { type FaultAction, FaultScript } from "../faults.ts";
import { fakeServer } from "../loopback.ts";
import { answerCall, Fault } from "./rpc.ts";
import type { KojiSeed } from "./seed.ts";
import { KojiWorld } from "./world.ts";
import { faultXml, type KojiCall, type KojiValue, readCall, responseXml } from "./xml.ts";

/** The name of the RPC method, "file" for one below Koji's root, "unknown" for all else. */
export type KojiOp = string;

/** As for the other fakes, and what only a hub can do wrong. */
export interface KojiFaultAction extends FaultAction {
  /** Code and text of a fault. */
  readonly fault?: readonly [code: number, text: string];
  /** Another value than the right one. */
  readonly value?: KojiValue;
}

/** A request as it came, before any fault. */
export interface KojiRequest {
  readonly op: KojiOp;
  readonly method: string;
  /** As it was sent: not decoded, without the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The call's parameters; undefined where it is none. */
  readonly params: readonly unknown[] | undefined;
  readonly body: string;
}

const HUB = "/kojihub";
const ROOT = "/kojiroot";

function text(status: number, body: string): Answer {
  return { status, headers: { "content-type": "text/plain" }, body };
}

function xml(body: string): Answer {
  return { status: 200, headers: { "content-type": "text/xml", "koji-version": "1.35.3" }, body };
}

const fileNotFound: Answer = {
  status: 404,
  headers: { "content-type": "text/html; charset=iso-8859-1" },
  body:
    '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n' +
    "<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n",
};

function answerHub(world: KojiWorld, method: string, call: KojiCall | undefined): Answer {
  if (method !== "POST")
    return text(405, "Method Not Allowed\nThis is an XML-RPC server. Only POST is accepted.");
  if (!call) return text(400, "Invalid request: not well-formed (invalid token): line 1, column 1\n");
  try {
    return xml(answerCall(world, call));
  } catch (error) {
    if (error instanceof Fault) return xml(faultXml(error.code, error.message));
    throw error;
  }
}

/** The path below Koji's root that a web server makes of a URL; undefined where it refuses. */
function filePath(path: string): string | undefined {
  try {
    const decoded = path.slice(ROOT.length).split("/").map(decodeURIComponent);
    return posix.normalize(`/${decoded.join("/")}`).slice(1);
  } catch {
    return undefined;
  }
}

function answerFile(world: KojiWorld, method: string, path: string): Answer {
  const place = filePath(path);
  const content = place === undefined ? undefined : world.files.get(place);
  if (method !== "GET") return text(405, "Method Not Allowed\n");
  if (!content) return fileNotFound;
  return { status: 200, headers: { "content-type": "application/zip" }, body: content };
}

/** What only a hub can do wrong as an answer that any server can give. */
function onTheWire({ fault, value, ...action }: KojiFaultAction): FaultAction {
  if (!fault && value === undefined) return action;
  const body = fault ? faultXml(...fault) : responseXml(value ?? null);
  return { status: 200, contentType: "text/xml", body, ...action };
}

/** The state, the record and the script of one fake, and the HTTP server in front of them. */
export class KojiServer {
  readonly http: Server = fakeServer("Koji", (request, response) => this.#exchange(request, response));
  readonly script = new FaultScript<KojiOp, KojiFaultAction>();
  readonly requests: KojiRequest[] = [];
  readonly #seed: KojiSeed;
  readonly #recording: boolean;
  world: KojiWorld;

  constructor(seed: KojiSeed, recording: boolean) {
    this.#seed = seed;
    this.#recording = recording;
    this.world = new KojiWorld(seed);
    // Apache drops an idle connection after so long.
    this.http.keepAliveTimeout = 5000;
  }

  reset(seed = this.#seed): void {
    this.world = new KojiWorld(seed);
    this.requests.length = 0;
    this.script.faults = [];
  }

  async #exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("server", "Apache/2.4.62 (Fedora Linux)");
    const { method = "GET", url = "/" } = request;
    const [path = "/"] = url.split("?");
    const body = (await buffer(request)).toString();
    const isFile = path === ROOT || path.startsWith(`${ROOT}/`);
    const call = path === HUB && method === "POST" ? readCall(body) : undefined;
    const op = isFile ? "file" : (call?.method ?? "unknown");
    if (this.#recording) this.requests.push(describe(op, path, request, call, body));
    const action = this.script.take(op, isFile ? path : body) ?? {};
    await deliver(response, onTheWire(action), () => {
      if (isFile) return answerFile(this.world, method, path);
      return path === HUB ? answerHub(this.world, method, call) : fileNotFound;
    });
  }
}

function describe(
  op: KojiOp,
  path: string,
  request: IncomingMessage,
  call: KojiCall | undefined,
  body: string,
): KojiRequest {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    op,
    method: request.method ?? "GET",
    path,
    headers: Object.fromEntries(headers),
    params: call?.params,
    body,
  };
}
