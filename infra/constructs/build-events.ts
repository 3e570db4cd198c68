import { Duration } from "aws-cdk-lib";
import { EventBus } from "aws-cdk-lib/aws-events";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

/** How often a message is tried before it is put aside. */
const MAX_TRIES = 5;

/** How long a message is hidden while it is worked on: six times what a function may take, as Lambda asks for. */
const VISIBILITY = Duration.minutes(6);

/** How long a message that was put aside can be looked at. The longest that SQS keeps any. */
const DEAD_LETTER_LIFE = Duration.days(14);

/** A queue, and where what cannot be done is put aside. */
export interface WatchedQueue {
  readonly name: string;
  readonly queue: Queue;
  readonly deadLetters: Queue;
}

/** How notifications of builds come in. */
export interface BuildEventsProps {
  /**
   * The key that encrypts the queues.
   *
   * @default - a key of SQS
   */
  readonly encryptionKey?: IKey;
}

/**
 * The bus for notifications of builds, the queue of notifications, and the queue of pushes that come of them, in
 * order for each repository.
 */
export class BuildEvents extends Construct {
  readonly bus: EventBus;
  readonly notifications: WatchedQueue;
  readonly pushes: WatchedQueue;

  constructor(scope: Construct, id: string, props: BuildEventsProps = {}) {
    super(scope, id);
    this.bus = new EventBus(this, "Bus", { description: "Notifications of builds, for OMPS" });
    this.notifications = watchedQueue(this, "Notifications", props);
    this.pushes = watchedQueue(this, "Pushes", props, { fifo: true });
  }

  /** All queues. */
  get queues(): readonly WatchedQueue[] {
    return [this.notifications, this.pushes];
  }
}

function watchedQueue(
  scope: Construct,
  name: string,
  { encryptionKey }: BuildEventsProps,
  kind: Pick<QueueProps, "fifo"> = {},
): WatchedQueue {
  const protection: QueueProps = {
    ...kind,
    enforceSSL: true,
    ...(encryptionKey
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
      : { encryption: QueueEncryption.SQS_MANAGED }),
  };
  const deadLetters = new Queue(scope, `${name}DeadLetters`, {
    ...protection,
    retentionPeriod: DEAD_LETTER_LIFE,
  });
  const queue = new Queue(scope, name, {
    ...protection,
    visibilityTimeout: VISIBILITY,
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_TRIES },
  });
  return { name, queue, deadLetters };
}
