import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { deliver } from "../delivery.ts";
import { type FaultAction, FaultScript } from "../faults.ts";
import { fakeServer } from "../loopback.ts";
import type { ImageSettings } from "../registry/settings.ts";
import { Accounts } from "./accounts.ts";
import { type Answer, Refusal } from "./answer.ts";
import { decodeBase64 } from "./blob.ts";
import type { Call, Quay } from "./call.ts";
import { PushRace } from "./push-race.ts";
import { Registry } from "./registry.ts";
import { isFields, parseBody } from "./request-body.ts";
import { Rights } from "./rights.ts";
import { findRoute, type QuayOp, type RoutedRequest } from "./routes.ts";
import type { QuaySeed } from "./seed.ts";
import { ignoreChunks, refuseBody } from "./transport.ts";

/** A request as it came, before any fault. */
export interface QuayRequest {
  readonly op: QuayOp;
  readonly method: string;
  /** As it was sent: not decoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  /** The parsed JSON; undefined when there was none, or when it was refused unread. */
  readonly body: unknown;
  /** The tar.gz of a push. */
  readonly blob: Buffer | undefined;
}

/** Decides when requests are served, and how they end. */
export interface QuayDirector {
  /** Tells how the answer goes wrong. `perform` makes the change that is asked for, at most once. */
  turn(op: QuayOp, path: string, perform: () => Promise<Answer>): Promise<FaultAction>;
  /** What a push waits for between its look whether the release exists and its storing. */
  amid(release: string): Promise<void>;
}

export interface QuaySettings {
  readonly seed: QuaySeed;
  readonly maxBodyBytes: number;
  readonly resultsLimit: number;
  readonly racy: boolean;
  /** How its registry of images behaves. */
  readonly images: ImageSettings;
  /** Off for long runs: each recorded push keeps its blob in memory. */
  readonly recording: boolean;
  readonly now: () => Date;
  /** In place of the script of faults and of `racy`. */
  readonly director?: QuayDirector;
}

async function handle(call: Call, { handler }: RoutedRequest): Promise<Answer> {
  try {
    return await handler(call);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

interface Target {
  /** As it was sent: what `URL` makes of dots would hide a client's mistakes. */
  readonly path: string;
  readonly query: URLSearchParams;
}

function readTarget({ url = "/" }: IncomingMessage): Target {
  const [path = "/", ...query] = url.split("?");
  return { path, query: new URLSearchParams(query.join("?")) };
}

function describe(op: QuayOp, target: Target, request: IncomingMessage, content: Buffer): QuayRequest {
  const body = parseBody(content);
  const blob = op === "push" && isFields(body) ? body["blob"] : undefined;
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    op,
    method: request.method ?? "GET",
    path: target.path,
    query: Object.fromEntries(target.query),
    headers: Object.fromEntries(headers),
    authorization: request.headers.authorization,
    body,
    blob: typeof blob === "string" ? decodeBase64(blob) : undefined,
  };
}

/** The state, the record and the script of one fake, and the HTTP server in front of them. */
export class QuayServer {
  readonly http: Server = fakeServer("Quay", (request, response) => this.#exchange(request, response));
  readonly script = new FaultScript<QuayOp>();
  readonly requests: QuayRequest[] = [];
  readonly race: PushRace;
  readonly #settings: QuaySettings;
  #quay: Quay;

  constructor(settings: QuaySettings) {
    this.#settings = settings;
    this.race = new PushRace(settings.racy);
    this.#quay = this.#plant(settings.seed);
    // nginx drops an idle connection after so long.
    this.http.keepAliveTimeout = 5000;
  }

  get registry(): Registry {
    return this.#quay.registry;
  }

  reset(seed = this.#settings.seed): void {
    this.#quay = this.#plant(seed);
    this.requests.length = 0;
    this.script.faults = [];
    this.race.open = this.#settings.racy;
  }

  #plant(seed: QuaySeed): Quay {
    const { now, resultsLimit, images, director } = this.#settings;
    const accounts = new Accounts(seed, now);
    const registry = new Registry(seed, now);
    const race = director ? { meetRival: (release: string) => director.amid(release) } : this.race;
    const rights = new Rights(accounts, registry);
    return { accounts, registry, rights, race, resultsLimit, images, tokens: new Map(), now };
  }

  async #exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("server", "nginx/1.22.1");
    const target = readTarget(request);
    const isCnr = target.path.startsWith("/cnr/");
    const routed = findRoute(request.method ?? "GET", target.path);
    const refuse = isCnr ? this.#bodyRefusal(request) : undefined;
    if (refuse) {
      this.#record(routed.op, target, request);
      return refuse(request, response);
    }

    const body = await buffer(request);
    this.#record(routed.op, target, request, body);
    if (target.path.startsWith("/api/")) response.setHeader("connection", "close");
    const { path } = routed;
    const call: Call = { quay: this.#quay, path, query: target.query, headers: request.headers, body };
    let made: Promise<Answer> | undefined;
    const perform = () => {
      made ??= handle(call, routed);
      return made;
    };
    await deliver(response, await this.#action(routed.op, target.path, perform), perform);
  }

  async #action(op: QuayOp, path: string, perform: () => Promise<Answer>): Promise<FaultAction> {
    const { director } = this.#settings;
    return director ? director.turn(op, path, perform) : (this.script.take(op, path) ?? {});
  }

  #record(op: QuayOp, target: Target, request: IncomingMessage, content = Buffer.alloc(0)): void {
    if (this.#settings.recording) this.requests.push(describe(op, target, request, content));
  }

  #bodyRefusal({ headers }: IncomingMessage) {
    if (headers["transfer-encoding"] !== undefined) return ignoreChunks;
    return Number(headers["content-length"] ?? 0) > this.#settings.maxBodyBytes ? refuseBody : undefined;
  }
}
