import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod/mini";
import { readCall, say } from "./json-answer.ts";

const requestSchema = z.object({ SecretId: z.string() });

/** How a read of a secret goes wrong: the error type that Secrets Manager would name. */
export type SecretFault = "AccessDeniedException" | "ThrottlingException" | "InternalServiceError";

/** A stand-in for Secrets Manager, with the call that the service makes. */
export class SecretsManagerStandIn {
  /** Secret name to its text. */
  readonly secrets: Map<string, string>;
  /** Secret name to what goes wrong when it is read. */
  readonly faults = new Map<string, SecretFault>();
  /** Names of the secrets that were asked for, in order. */
  readonly reads: string[] = [];

  constructor(secrets: Readonly<Record<string, string>>) {
    this.secrets = new Map(Object.entries(secrets));
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { operation, input } = await readCall(request);
    if (operation !== "GetSecretValue") return refuse(response, 400, "UnknownOperationException");
    const { SecretId: name } = requestSchema.parse(input);
    this.reads.push(name);
    const fault = this.faults.get(name);
    if (fault) return refuse(response, fault === "InternalServiceError" ? 500 : 400, fault, "scripted");
    const text = this.secrets.get(name);
    if (text === undefined) {
      const message = "Secrets Manager can't find the specified secret.";
      return refuse(response, 400, "ResourceNotFoundException", message);
    }
    const ARN = `arn:aws:secretsmanager:local:000000000000:secret:${name}`;
    say(response, "1.1", { status: 200, body: { ARN, Name: name, SecretString: text } });
  }
}

function refuse(response: ServerResponse, status: number, __type: string, Message?: string): void {
  say(response, "1.1", { status, body: { __type, Message } });
}
