import { once } from "node:events";
import { type ChannelModel, type ConfirmChannel, connect } from "amqplib";
import rhea, { type Connection, type Message } from "rhea";

/** Publishes to a broker, in both protocols, and looks at its queues. */
export class Publisher {
  readonly #url: URL;
  readonly #model: ChannelModel;
  readonly #channel: ConfirmChannel;

  private constructor(url: string, model: ChannelModel, channel: ConfirmChannel) {
    this.#url = new URL(url);
    this.#model = model;
    this.#channel = channel;
  }

  /** Connects to a broker by a URL with user and password. */
  static async connect(url: string): Promise<Publisher> {
    const model = await connect(url);
    // A broker that is killed is what some tests are about.
    model.on("error", () => {});
    return new Publisher(url, model, await model.createConfirmChannel());
  }

  /** Makes a queue, and one for what is rejected from it, `<name>-dead`. */
  async makeQueue(name: string): Promise<void> {
    await this.#channel.assertQueue(`${name}-dead`, { durable: true });
    const deadLetters = { deadLetterExchange: "", deadLetterRoutingKey: `${name}-dead` };
    await this.#channel.assertQueue(name, { durable: true, ...deadLetters });
  }

  async deleteQueue(name: string): Promise<void> {
    await this.#channel.deleteQueue(name);
  }

  /**
   * How many messages a queue has, once nobody consumes it any more: the broker takes back what a consumer had when it
   * notices that he is gone, some time after he knows.
   */
  async waiting(queue: string): Promise<number> {
    for (;;) {
      const { messageCount, consumerCount } = await this.#channel.checkQueue(queue);
      if (consumerCount === 0) return messageCount;
    }
  }

  /** Waits until a queue has so many messages. */
  async until(queue: string, count: number): Promise<void> {
    for (;;) {
      if ((await this.waiting(queue)) === count) return;
    }
  }

  /** Publishes by AMQP 0-9-1, and waits until the broker has it on its disk. */
  async publish(exchange: string, key: string, body: string | Buffer, headers: object = {}): Promise<void> {
    this.#channel.publish(exchange, key, Buffer.from(body), {
      persistent: true,
      contentType: "application/json",
      headers,
    });
    await this.#channel.waitForConfirms();
  }

  /** Publishes by AMQP 1.0, and waits until the broker has it on its disk. */
  async publish10(address: string, messages: readonly Message[]): Promise<void> {
    const { hostname: host, port, username, password } = this.#url;
    const connection: Connection = rhea
      .create_container()
      .connect({ host, port: Number(port), username, password, reconnect: false });
    const sender = connection.open_sender(address);
    await once(sender, "sendable");
    let accepted = 0;
    const done = new Promise<void>((resolve) => {
      sender.on("accepted", () => ++accepted === messages.length && resolve());
    });
    for (const message of messages) sender.send({ durable: true, ...message });
    await done;
    connection.close();
    await once(connection, "connection_close");
  }

  async close(): Promise<void> {
    await this.#model.close().catch(() => undefined);
  }
}
