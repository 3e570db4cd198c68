import type { Agent } from "node:http";
import { protocolOf } from "./exchange.ts";
import type { Trust } from "./trust.ts";

/** The connections of one request, kept for its next call. */
export class Connections {
  readonly #trust: Trust | undefined;
  readonly #agents = new Map<string, Agent>();

  /** @param trust whom to trust on https; whom Node trusts unless told */
  constructor(trust?: Trust) {
    this.#trust = trust;
  }

  /** What keeps the connections of a URL's protocol. */
  agent(url: URL): Agent {
    const agent = this.#agents.get(url.protocol) ?? this.#open(url);
    this.#agents.set(url.protocol, agent);
    return agent;
  }

  /** Ends all connections. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #open(url: URL): Agent {
    const secureContext = url.protocol === "https:" ? this.#trust?.secureContext : undefined;
    return new (protocolOf(url).Agent)({ keepAlive: true, ...(secureContext && { secureContext }) });
  }
}
