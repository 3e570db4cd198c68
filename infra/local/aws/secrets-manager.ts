import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import * as z from "zod/mini";
import type { AwsSettings } from "../../../lib/secrets/index.ts";

const requestSchema = z.object({ SecretId: z.string() });

/** How a read of a secret goes wrong: the error type that Secrets Manager would name. */
export type SecretFault = "AccessDeniedException" | "ThrottlingException" | "InternalServiceError";

/** A stand-in for Secrets Manager on the loopback, with the calls that the service makes. */
export interface SecretsManagerStandIn {
  readonly settings: AwsSettings;
  /** Secret name to its text. */
  readonly secrets: Map<string, string>;
  /** Secret name to what goes wrong when it is read. */
  readonly faults: Map<string, SecretFault>;
  /** Names of the secrets that were asked for, in order. */
  readonly reads: string[];
  close(): Promise<void>;
}

/** Starts the stand-in with these secrets, on a free port. */
export async function startSecretsManager(
  secrets: Readonly<Record<string, string>> = {},
): Promise<SecretsManagerStandIn> {
  const held = new Map(Object.entries(secrets));
  const faults = new Map<string, SecretFault>();
  const reads: string[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString();
    const action = String(request.headers["x-amz-target"]).split(".").at(-1);
    if (action !== "GetSecretValue") return say(response, 400, { __type: "UnknownOperationException" });
    const { SecretId: name } = requestSchema.parse(JSON.parse(body));
    reads.push(name);
    const fault = faults.get(name);
    if (fault)
      return say(response, fault === "InternalServiceError" ? 500 : 400, {
        __type: fault,
        Message: "scripted",
      });
    const text = held.get(name);
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

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    settings: {
      endpoint: `http://127.0.0.1:${port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    },
    secrets: held,
    faults,
    reads,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(body));
}
