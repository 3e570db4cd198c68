import { type Channel, type ChannelModel, type ConsumeMessage, connect, credentials } from "amqplib";
import { type BrokerMessage, type Delivery, type Subscribe, type Subscription, textOf } from "./broker.ts";
import { type BrokerAddress, CONNECT_MS, HEARTBEAT_MS, isKnownByCertificate, tlsOptions } from "./dial.ts";

/** What of an exchange goes into a queue. */
export interface Binding {
  readonly exchange: string;
  /** Routing keys, with `*` for a word and `#` for any words where the exchange is one of topics. */
  readonly keys: readonly string[];
}

export interface Amqp091Source {
  readonly broker: BrokerAddress;
  readonly queue: string;
  /** With it, the queue is made where it is missing: durable, and bound so. Without, it must be there. */
  readonly binding?: Binding;
  /** Most messages that are under way at once. */
  readonly prefetch: number;
}

/** Subscribes to a queue of a broker that speaks AMQP 0-9-1. */
export function amqp091(source: Amqp091Source): Subscribe {
  return async (take) => {
    const { broker } = source;
    const connection = await connect(
      {
        protocol: broker.tls ? "amqps" : "amqp",
        hostname: broker.host,
        port: broker.port,
        vhost: broker.vhost,
        heartbeat: HEARTBEAT_MS / 1000,
      },
      { timeout: CONNECT_MS, noDelay: true, credentials: credentialsOf(broker), ...tlsOptions(broker) },
    );
    const consumer = new Consumer(connection);
    try {
      await consumer.consume(source, take);
    } catch (error) {
      await consumer.close();
      throw error;
    }
    return consumer;
  };
}

/** One connection with one channel. */
class Consumer implements Subscription {
  readonly ended: Promise<unknown>;
  readonly #connection: ChannelModel;
  readonly #end: (cause?: unknown) => void;
  #channel: Channel | undefined;
  #tag: string | undefined;
  #alive = true;

  constructor(connection: ChannelModel) {
    this.#connection = connection;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.ended = promise;
    this.#end = (cause) => {
      this.#alive = false;
      resolve(cause);
    };
    let cause: unknown;
    connection.on("error", (error) => (cause = error));
    connection.on("close", (error) => this.#end(cause ?? error));
  }

  async consume({ queue, binding, prefetch }: Amqp091Source, take: (delivery: Delivery) => void) {
    const channel = await this.#connection.createChannel();
    this.#channel = channel;
    channel.on("error", (error) => void this.#abandon(error));
    await channel.prefetch(prefetch);
    if (binding) {
      await channel.assertQueue(queue, { durable: true });
      for (const key of binding.keys) await channel.bindQueue(queue, binding.exchange, key);
    }
    const { consumerTag } = await channel.consume(queue, (message) => {
      // The queue is gone.
      if (message === null) void this.#abandon(new Error("The broker has cancelled the subscription"));
      else take(this.#delivery(channel, message));
    });
    this.#tag = consumerTag;
  }

  #delivery(channel: Channel, message: ConsumeMessage): Delivery {
    const settle = (how: () => void) => {
      if (this.#alive) how();
    };
    const lost = () => !this.#alive;
    return {
      message: receivedMessage(message),
      get lost() {
        return lost();
      },
      accept: () => settle(() => channel.ack(message)),
      reject: () => settle(() => channel.nack(message, false, false)),
      release: () => settle(() => channel.nack(message, false, true)),
    };
  }

  async stopTaking(): Promise<void> {
    if (this.#alive && this.#tag !== undefined) await this.#channel?.cancel(this.#tag).catch(() => undefined);
  }

  async close(): Promise<void> {
    if (!this.#alive) return;
    await this.#channel?.close().catch(() => undefined);
    await this.#connection.close().catch(() => undefined);
    this.#end();
  }

  /** Nothing more can come over this channel, so the connection is of no use. */
  async #abandon(cause: unknown): Promise<void> {
    this.#end(cause);
    await this.#connection.close().catch(() => undefined);
  }
}

function credentialsOf(broker: BrokerAddress) {
  if (isKnownByCertificate(broker)) return credentials.external();
  return credentials.plain(broker.username ?? "guest", broker.password?.reveal() ?? "guest");
}

function receivedMessage({ fields, properties, content }: ConsumeMessage): BrokerMessage {
  const headers: Record<string, unknown> = properties.headers ?? {};
  return { topic: fields.routingKey, headers, text: textOf(content) };
}
