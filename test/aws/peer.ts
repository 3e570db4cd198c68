import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { BusDeclaration } from "../../infra/local/aws/events.ts";
import type { QueueDeclaration } from "../../infra/local/aws/sqs-queues.ts";
import type { AwsSettings } from "../../lib/aws/index.ts";

/** The queues and buses that probes need. */
export interface Declared {
  readonly queues: readonly QueueDeclaration[];
  readonly buses: readonly BusDeclaration[];
}

/** What stands for AWS: the stand-ins of `npm start`, or an emulator. Queues and buses that probes need are there. */
export interface AwsPeer {
  readonly settings: AwsSettings;
  /** A bucket that is there, and empty at first. */
  readonly bucket: string;
  /** A key of KMS that is there. */
  readonly key: string;
  /** Stores a secret by its name. */
  addSecret(name: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/** A peer with clients of its services, each of which tries once. */
export interface ConnectedPeer extends AwsPeer {
  readonly s3: S3Client;
  readonly secretsManager: SecretsManagerClient;
  readonly sqs: SQSClient;
  readonly eventBridge: EventBridgeClient;
}

/** Gives the peer that the probes of a file are run against; it is there once these run. */
export type Connected = () => ConnectedPeer;

export function connectTo(peer: AwsPeer): ConnectedPeer {
  const settings = { ...peer.settings, maxAttempts: 1 };
  return {
    ...peer,
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    secretsManager: new SecretsManagerClient(settings),
    sqs: new SQSClient(settings),
    eventBridge: new EventBridgeClient(settings),
  };
}
