import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Answer } from "./answer.ts";
import { deliver } from "./delivery.ts";
import { type Fault, FaultScript } from "./faults.ts";
import { fakeServer, listenOnLoopback } from "./loopback.ts";

export type GreenwaveOp = "decision" | "about" | "unknown";

/** `match` is held against the NVR that a decision is asked on, and against the path of all else. */
export type GreenwaveFault = Fault<GreenwaveOp>;

/** A request as it came, before any fault. */
export interface GreenwaveRequest {
  readonly op: GreenwaveOp;
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON; undefined when there was none. */
  readonly body: unknown;
}

export interface GreenwaveFakeOptions {
  /** A free one unless told. */
  readonly port?: number;
}

/** Greenwave's API 1.0, as of Greenwave 1.9, behind a port of the loopback. */
export interface GreenwaveFake {
  readonly url: string;
  readonly port: number;
  /** In the order of their arrival. */
  readonly requests: readonly GreenwaveRequest[];
  /** Setting it starts all counts anew. */
  faults: GreenwaveFault[];
  /** Makes the policies be against a build; they are for all others. */
  refuse(nvr: string): void;
  openSockets(): number;
  /** Forgets requests, faults and decisions. */
  reset(): void;
  /** Drops all connections, hanging ones too. */
  close(): Promise<void>;
}

const PREFIX = "/api/v1.0";

/** What Greenwave wants to be told, and what it says where that is missing. */
const REQUIRED: readonly [member: string, complaint: string][] = [
  ["product_version", "Missing required product version"],
  ["decision_context", "Missing required decision context"],
  ["subject_type", 'Missing required "subject_type" parameter'],
  ["subject_identifier", 'Missing required "subject_identifier" parameter'],
];

function json(status: number, value: object): Answer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

function member(body: unknown, name: string): unknown {
  return typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
}

function parsed(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString());
  } catch {
    return undefined;
  }
}

function opOf(method: string, path: string): GreenwaveOp {
  if (method === "POST" && path === `${PREFIX}/decision`) return "decision";
  return method === "GET" && path === `${PREFIX}/about` ? "about" : "unknown";
}

/** The decision, in the form in which Greenwave gives its reasons. */
function decide(request: GreenwaveRequest, refused: ReadonlySet<string>): Answer {
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? ""))
    return json(415, { message: "No JSON payload in request" });
  const missing = REQUIRED.find(([name]) => !member(request.body, name));
  if (missing) return json(400, { message: missing[1] });
  const nvr = String(member(request.body, "subject_identifier"));
  const isRefused = refused.has(nvr);
  const result = { testcase: "omps.functional", subject_type: "koji_build", subject_identifier: nvr };
  return json(200, {
    policies_satisfied: !isRefused,
    summary: isRefused ? "1 of 1 required test results missing" : "All required tests passed",
    applicable_policies: ["omps_push"],
    satisfied_requirements: isRefused ? [] : [{ ...result, type: "test-result-passed", result_id: 1 }],
    unsatisfied_requirements: isRefused ? [{ ...result, type: "test-result-missing", scenario: null }] : [],
  });
}

class GreenwaveServer {
  readonly http = fakeServer("Greenwave", (request, response) => this.#exchange(request, response));
  readonly script = new FaultScript<GreenwaveOp>();
  readonly requests: GreenwaveRequest[] = [];
  readonly refused = new Set<string>();

  async #exchange(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/" } = incoming;
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
    const body = parsed(await buffer(incoming));
    const op = opOf(method, path);
    const request = { op, method, path, headers: Object.fromEntries(headers), body };
    this.requests.push(request);
    const subject = op === "decision" ? String(member(body, "subject_identifier")) : path;
    await deliver(response, this.script.take(op, subject) ?? {}, () => {
      if (op === "decision") return decide(request, this.refused);
      if (op === "about") return json(200, { version: "1.9.2" });
      return json(404, { message: "The requested URL was not found on the server." });
    });
  }
}

export async function startGreenwaveFake(options: GreenwaveFakeOptions = {}): Promise<GreenwaveFake> {
  const server = new GreenwaveServer();
  const { url, port, openSockets, close } = await listenOnLoopback(server.http, options.port);
  return {
    url,
    port,
    requests: server.requests,
    get faults() {
      return server.script.faults;
    },
    set faults(faults) {
      server.script.faults = faults;
    },
    refuse: (nvr) => void server.refused.add(nvr),
    openSockets,
    reset() {
      server.requests.length = 0;
      server.script.faults = [];
      server.refused.clear();
    },
    close,
  };
}
