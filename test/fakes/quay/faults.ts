import type { Answer } from "./answer.ts";
import type { Json } from "./python-json.ts";
import type { QuayOp } from "./routes.ts";

/** How an answer goes wrong. Without status, reset, close or hang the request is answered as ever. */
export interface QuayFaultAction {
  readonly status?: number;
  /** The scripted answer's body, as JSON. */
  readonly json?: Json;
  /** The scripted answer's body, as it is. */
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the connection with a RST. */
  readonly reset?: true;
  /** Ends the connection with a FIN, without an answer. */
  readonly close?: true;
  /** Sends this many bytes of the body, then a FIN. */
  readonly truncate?: number;
  /** Never answers, until the client goes or the fake closes. */
  readonly hang?: true;
  /** Milliseconds to wait before anything else. */
  readonly delay?: number;
  /** The change is made first; only then the answer goes wrong. */
  readonly after?: true;
}

export interface QuayFault {
  readonly op: QuayOp | "*";
  /** On the path as it was sent, without the query; a string is looked for anywhere in it. */
  readonly match?: RegExp | string;
  /** So many fitting requests go well first. */
  readonly skip?: number;
  /** So many requests go wrong; all unless told. */
  readonly times?: number;
  readonly do: QuayFaultAction;
}

function fits({ op, match }: QuayFault, requestOp: QuayOp, path: string): boolean {
  if (op !== "*" && op !== requestOp) return false;
  if (match === undefined) return true;
  return typeof match === "string" ? path.includes(match) : path.search(match) >= 0;
}

/** The faults that are to come, and how often each has had its turn. */
export class FaultScript {
  #faults: QuayFault[] = [];
  #turns = new WeakMap<QuayFault, number>();

  get faults(): QuayFault[] {
    return this.#faults;
  }

  set faults(faults: readonly QuayFault[]) {
    this.#faults = [...faults];
    this.#turns = new WeakMap();
  }

  /** The first fault that is due. Each fitting request counts for all faults that it passes. */
  take(op: QuayOp, path: string): QuayFaultAction | undefined {
    for (const fault of this.#faults) {
      if (!fits(fault, op, path)) continue;
      const turn = this.#turns.get(fault) ?? 0;
      const { skip = 0, times = Number.POSITIVE_INFINITY } = fault;
      if (turn >= skip + times) continue;
      this.#turns.set(fault, turn + 1);
      if (turn >= skip) return fault.do;
    }
    return undefined;
  }
}

/** Undefined when the action names no status: then the real answer goes out. */
export function scriptedAnswer(action: QuayFaultAction): Answer | undefined {
  const { status, json, body, contentType, headers } = action;
  if (status === undefined) return undefined;
  const type = contentType ?? (json === undefined ? "text/html; charset=utf-8" : "application/json");
  return {
    status,
    headers: { "content-type": type, ...headers },
    body: json === undefined ? (body ?? "") : JSON.stringify(json),
  };
}

/** An answer of this server as a fault: what a load balancer or an overloaded registry says. */
export function answering({ status, headers, body }: Answer): QuayFaultAction {
  const { "content-type": contentType = "text/html", ...rest } = headers;
  return { status, body, contentType, headers: rest };
}
