import { Duration } from "aws-cdk-lib";
import { EventBus, Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { Code, EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { ServiceFunction, type ServiceFunctionOptions } from "./service-function.ts";
import { consume, type WatchedQueue, watchedQueue } from "./watched-queue.ts";

/** How long a function may take for its messages, unless told: a push of a large build takes half of it. */
const TIMEOUT = Duration.seconds(60);

/** How many of its time-outs a message is hidden for, as Lambda asks for. */
const TIMEOUTS_HIDDEN = 6;

/** What bridges from Koji's brokers put on the bus. */
const NOTIFICATIONS = { source: ["koji"], detailType: ["BuildStateChange", "Tag"] };

/** Invocations at once, for a hub that many builds of one release end at; and for Quay, which gets pushes of callers too. */
const MAX_CONCURRENCY = { notifications: 5, pushes: 10 };

/** The least that SQS takes as a most. */
const LEAST_CONCURRENCY = 2;

/** How notifications of builds come in. */
export interface BuildEventsProps {
  /** The folder with the bundles of all functions. */
  readonly code: Code;
  /**
   * What differs from the defaults for all functions; the queues are encrypted as their logs are.
   *
   * @default - the defaults of ServiceFunction, with 60 seconds
   */
  readonly functionOptions?: ServiceFunctionOptions;
}

/**
 * What makes releases of notifications: a bus, the queue of its notifications, a function that queues pushes for them,
 * the queue of those pushes, in order for each package, and the function that does them.
 */
export class BuildEvents extends Construct {
  readonly bus: EventBus;
  readonly notifications: WatchedQueue;
  readonly pushes: WatchedQueue;
  /** Queues pushes. */
  readonly fanOut: ServiceFunction;
  /** Pushes. */
  readonly worker: ServiceFunction;
  /** Has the worker do what was put aside; switched off until someone switches it on. */
  readonly redrive: EventSourceMapping;
  readonly #limit: (most: number, others?: number) => number;

  constructor(scope: Construct, id: string, { code, functionOptions = {} }: BuildEventsProps) {
    super(scope, id);
    const options = { timeout: TIMEOUT, ...functionOptions };
    const { encryptionKey, reservedConcurrentExecutions: reserved } = functionOptions;
    const visibility = Duration.seconds(TIMEOUTS_HIDDEN * options.timeout.toSeconds());
    const queueProps = { visibility, ...(encryptionKey && { encryptionKey }) };
    // More than is reserved would be throttled, and each time count as a try.
    this.#limit = (most, others = 0) =>
      Math.max(LEAST_CONCURRENCY, Math.min(most, (reserved ?? Number.POSITIVE_INFINITY) - others));
    this.bus = new EventBus(this, "Bus", { description: "Notifications of builds, for OMPS" });
    this.notifications = watchedQueue(this, "Notifications", queueProps);
    this.pushes = watchedQueue(this, "Pushes", { ...queueProps, fifo: true });
    const fn = (name: string) => new ServiceFunction(this, name, { ...options, name, code });
    this.fanOut = fn("on-build-notification");
    this.worker = fn("push-worker");
    this.#takeNotifications();
    this.redrive = this.#takePushes();
  }

  /** All queues. */
  get queues(): readonly WatchedQueue[] {
    return [this.notifications, this.pushes];
  }

  /** All functions, by name. */
  get functions(): ReadonlyMap<string, ServiceFunction> {
    return new Map([
      ["on-build-notification", this.fanOut],
      ["push-worker", this.worker],
    ]);
  }

  #takeNotifications(): void {
    const { queue, deadLetters } = this.notifications;
    new Rule(this, "Rule", {
      description: "Hands notifications of builds to OMPS",
      eventBus: this.bus,
      eventPattern: NOTIFICATIONS,
      targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters })],
    });
    consume(this.fanOut, "Notifications", queue, {
      batchSize: 10,
      maxConcurrency: this.#limit(MAX_CONCURRENCY.notifications),
    });
    this.letQueue(this.fanOut);
  }

  /** Lets a function queue pushes, and tells it the queue. */
  letQueue(fn: ServiceFunction): void {
    fn.grant(this.pushes.queue.queueArn, "sqs:SendMessage");
    fn.grantEncrypt();
    fn.lambda.addEnvironment("OMPS_PUSH_QUEUE", this.pushes.queue.queueUrl);
  }

  #takePushes(): EventSourceMapping {
    const { worker, bus } = this;
    const { queue, deadLetters } = this.pushes;
    // One at a time: SQS counts a try for each message of a batch, also for those behind the one that failed.
    const one = { batchSize: 1 };
    consume(worker, "Pushes", queue, {
      ...one,
      maxConcurrency: this.#limit(MAX_CONCURRENCY.pushes, LEAST_CONCURRENCY),
    });
    const redrive = consume(worker, "Redrive", deadLetters, {
      ...one,
      maxConcurrency: LEAST_CONCURRENCY,
      enabled: false,
    });
    worker.grant(queue.queueArn, "sqs:ChangeMessageVisibility");
    worker.grant(deadLetters.queueArn, "sqs:SendMessage");
    worker.grantEncrypt();
    worker.grant(bus.eventBusArn, "events:PutEvents");
    worker.lambda.addEnvironment("OMPS_PUSH_QUEUE", queue.queueUrl);
    worker.lambda.addEnvironment("OMPS_DEAD_LETTER_QUEUE", deadLetters.queueUrl);
    worker.lambda.addEnvironment("OMPS_BUS", bus.eventBusName);
    return redrive;
  }
}
