import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { Log } from "../lib/telemetry/index.ts";
import { amqp091 } from "./amqp-0-9-1.ts";
import { amqp10 } from "./amqp-1-0.ts";
import { Backoff, type BackoffOptions } from "./backoff.ts";
import type { Subscribe } from "./broker.ts";
import { EventBus } from "./bus.ts";
import { Carrier } from "./carrier.ts";
import { Connection } from "./connection.ts";
import { type Counts, newCounts } from "./counts.ts";
import { printable } from "./dial.ts";
import type { BridgeSettings } from "./settings.ts";

/** How often the log tells how far it is, in milliseconds. */
const PROGRESS_MS = 60_000;

/** Longest wait for a connection to EventBridge, and for its answer, in milliseconds. */
const AWS_TIMES = { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true };

/** Waits after failures of the broker and of the bus. */
const WAITS: BackoffOptions = { firstMs: 500, longestMs: 30_000 };

/** What can be another than in production. */
export interface BridgeOptions {
  readonly log: Log;
  readonly client?: EventBridgeClient;
  readonly waits?: BackoffOptions;
}

/** A bridge that runs. */
export interface Bridge {
  readonly counts: Readonly<Counts>;
  /** Takes no more messages, puts what it has, gives back what the bus does not take, and ends the connection. */
  stop(): Promise<void>;
}

/** A client of EventBridge that finds AWS by the environment and leaves the retries to the bridge. */
export function newClient(): EventBridgeClient {
  return new EventBridgeClient({ maxAttempts: 1, requestHandler: AWS_TIMES });
}

/** Starts to carry messages from the broker to the bus, until it is stopped. */
export function startBridge(settings: BridgeSettings, options: BridgeOptions): Bridge {
  const { client = newClient(), waits = WAITS } = options;
  const log = options.log.with({ broker: printable(settings.broker), bus: settings.bus });
  const counts = newCounts();
  const bus = new EventBus(client, settings.bus);
  const carrier = new Carrier({ bus, backoff: new Backoff(waits), log, counts });
  const connection = new Connection({
    subscribe: subscribeTo(settings),
    take: (delivery) => carrier.take(delivery),
    backoff: new Backoff(waits),
    log,
    onSubscribed: () => counts.connections++,
  });
  const progress = setInterval(() => log.info("Progress", { ...counts }), PROGRESS_MS);
  return {
    counts,
    async stop() {
      clearInterval(progress);
      await connection.stopTaking();
      await carrier.stop();
      await connection.close();
      client.destroy();
      log.info("Stopped", { ...counts });
    },
  };
}

function subscribeTo({ broker, source, prefetch }: BridgeSettings): Subscribe {
  return source.protocol === "1.0"
    ? amqp10({ broker, prefetch, ...source })
    : amqp091({ broker, prefetch, ...source });
}
