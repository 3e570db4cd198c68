import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import rhea, { type Delivery as AmqpDelivery, type Connection, type EventContext, type Receiver } from "rhea";
import { receivedMessage } from "./amqp-1-0-message.ts";
import type { BrokerMessage, Delivery, Subscribe, Subscription } from "./broker.ts";
import {
  type BrokerAddress,
  CLOSE_MS,
  CONNECT_MS,
  HEARTBEAT_MS,
  isKnownByCertificate,
  tlsOptions,
} from "./dial.ts";
import { type Verdict, Verdicts } from "./verdicts.ts";

/** What rhea tells when a connection, a session or a link is at its end. */
const ENDINGS = [
  "connection_error",
  "connection_close",
  "session_error",
  "session_close",
  "receiver_error",
  "receiver_close",
  "protocol_error",
  "disconnected",
  "error",
] as const;

export interface Amqp10Source {
  readonly broker: BrokerAddress;
  /** Addresses as the broker understands them, such as `topic://koji.build.complete`. */
  readonly addresses: readonly string[];
  /** Most messages of each address that are under way at once. */
  readonly prefetch: number;
}

/** Subscribes to addresses of a broker that speaks AMQP 1.0. */
export function amqp10(source: Amqp10Source): Subscribe {
  return async (take) => {
    const link = new Link(source, take);
    await link.opened;
    return link;
  };
}

/** One connection. It has ended when its socket is closed. */
class Link implements Subscription {
  readonly opened: Promise<void>;
  readonly ended: Promise<unknown>;
  readonly #source: Amqp10Source;
  readonly #take: (delivery: Delivery) => void;
  readonly #socket: Socket;
  readonly #connection: Connection;
  /** Messages of each address that are done with and not yet asked for again. */
  readonly #owed = new Map<Receiver, number>();
  readonly #verdicts = new Verdicts();
  #cause: unknown;
  #alive = true;
  #taking = true;

  constructor(source: Amqp10Source, take: (delivery: Delivery) => void) {
    this.#source = source;
    this.#take = take;
    const { broker, addresses } = source;
    this.#socket = dial(broker);
    this.#connection = newConnection(broker, this.#socket);
    const opened = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<unknown>();
    this.opened = opened.promise;
    this.ended = ended.promise;
    this.#socket.once("close", () => {
      this.#alive = false;
      opened.reject(this.#cause ?? new Error("The broker has closed the connection"));
      ended.resolve(this.#cause);
    });
    this.#listen(opened.resolve);
    this.#connection.connect();
    // Without a credit window: rhea would ask for the next message when one comes, not when one is done with.
    for (const address of addresses)
      this.#connection.open_receiver({ source: { address }, credit_window: 0, autoaccept: false });
  }

  #listen(opened: () => void): void {
    const { addresses, prefetch } = this.#source;
    let open = 0;
    this.#connection.on("receiver_open", ({ receiver }: EventContext) => {
      // A broker refuses by an answer without a source; the reason comes after it.
      if (!receiver?.source?.address) return;
      receiver.add_credit(prefetch);
      if (++open < addresses.length) return;
      this.#socket.setTimeout(0);
      opened();
    });
    this.#connection.on("message", (context: EventContext) => this.#receive(context));
    for (const name of ENDINGS) this.#connection.on(name, (said: EventContext | Error) => this.#end(said));
  }

  #receive({ message, delivery, receiver }: EventContext): void {
    if (!delivery || !receiver) return;
    if (!this.#taking) {
      this.#verdicts.tell(delivery, "release");
      return;
    }
    this.#take(this.#delivery(receivedMessage(message, receiver.source.address), delivery, receiver));
    this.#ask(receiver, 0);
  }

  /**
   * Asks for messages in place of those that are done with. Only when all that were asked for have come: RabbitMQ 3
   * sends too many when it is asked while messages are on their way.
   */
  #ask(receiver: Receiver, done: number): void {
    const owed = (this.#owed.get(receiver) ?? 0) + done;
    const now = this.#taking && !receiver.has_credit();
    this.#owed.set(receiver, now ? 0 : owed);
    if (now) receiver.add_credit(owed);
  }

  #delivery(message: BrokerMessage, delivery: AmqpDelivery, receiver: Receiver): Delivery {
    const settle = (verdict: Verdict) => {
      if (!this.#alive) return;
      this.#verdicts.tell(delivery, verdict);
      this.#ask(receiver, 1);
    };
    const lost = () => !this.#alive;
    return {
      message,
      get lost() {
        return lost();
      },
      accept: () => settle("accept"),
      reject: () => settle("reject"),
      release: () => settle("release"),
    };
  }

  async stopTaking(): Promise<void> {
    this.#taking = false;
  }

  async close(): Promise<void> {
    await this.#verdicts.told();
    this.#end(undefined);
    await this.ended;
  }

  #end(said: EventContext | Error | undefined): void {
    this.#cause ??= causeOf(said);
    this.#connection.close();
    // Where the broker does not answer.
    this.#socket.setTimeout(CLOSE_MS);
  }
}

/** Connects; whoever is silent for the time that the socket is given is no longer waited for. */
function dial(broker: BrokerAddress): Socket {
  const { host, port, tls } = broker;
  const socket = tls ? connectTls({ host, port, ...tlsOptions(broker) }) : connectTcp({ host, port });
  socket.setTimeout(CONNECT_MS);
  return socket.on("timeout", () => socket.destroy(new Error("The broker does not answer")));
}

function newConnection(broker: BrokerAddress, socket: Socket): Connection {
  const { host, port, tls, username = "anonymous", password } = broker;
  const identity = isKnownByCertificate(broker)
    ? { enable_sasl_external: true, ...tlsOptions(broker) }
    : { username, ...(password && { password: password.reveal() }) };
  // rhea's own way to a socket has no limit of time, and cannot check a server that is named by its address.
  const connect = (_port: number, _host: string, _options: object, connected: () => void): Socket =>
    socket.once(tls ? "secureConnect" : "connect", connected);
  return rhea.create_container().create_connection({
    host,
    port,
    hostname: host,
    reconnect: false,
    idle_time_out: HEARTBEAT_MS,
    connection_details: () => ({ host, port, connect }),
    ...identity,
  });
}

/** What a peer said, or what the network did, as far as it is known. */
function causeOf(said: EventContext | Error | undefined): Error | undefined {
  if (said === undefined || said instanceof Error) return said;
  const { error, receiver, session, connection } = said;
  const cause = error ?? receiver?.error ?? session?.error ?? connection.error;
  if (cause === undefined || cause instanceof Error) return cause;
  return new Error(`${cause.condition}: ${cause.description}`);
}
