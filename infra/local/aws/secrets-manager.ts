import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod/mini";

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
    const body = Buffer.concat(await request.toArray()).toString();
    const action = String(request.headers["x-amz-target"]).split(".").at(-1);
    if (action !== "GetSecretValue") return say(response, 400, { __type: "UnknownOperationException" });
    const { SecretId: name } = requestSchema.parse(JSON.parse(body));
    this.reads.push(name);
    const fault = this.faults.get(name);
    if (fault) {
      return say(response, fault === "InternalServiceError" ? 500 : 400, {
        __type: fault,
        Message: "scripted",
      });
    }
    const text = this.secrets.get(name);
    if (text === undefined) {
      return say(response, 400, {
        __type: "ResourceNotFoundException",
        Message: "Secrets Manager can't find the specified secret.",
      });
    }
    say(response, 200, {
      ARN: `arn:aws:secretsmanager:local:000000000000:secret:${name}`,
      Name: name,
      SecretString: text,
    });
  }
}

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(body));
}
