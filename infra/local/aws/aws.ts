import { once } from "node:events";
import { createServer } from "node:http";
import type { AwsSettings } from "../../../lib/aws/index.ts";
import { S3StandIn } from "./s3.ts";
import { SecretsManagerStandIn } from "./secrets-manager.ts";

/** Stand-ins for the services of AWS that OMPS uses, behind one address of the loopback. */
export interface AwsStandIn {
  readonly settings: Required<AwsSettings>;
  readonly secretsManager: SecretsManagerStandIn;
  readonly s3: S3StandIn;
  close(): Promise<void>;
}

/** Starts them on a free port, with these secrets: name to text. */
export async function startAws(secrets: Readonly<Record<string, string>> = {}): Promise<AwsStandIn> {
  const secretsManager = new SecretsManagerStandIn(secrets);
  const s3 = new S3StandIn();
  const server = createServer((request, response) => {
    // Only services with JSON name the operation in a header.
    const service = request.headers["x-amz-target"] === undefined ? s3 : secretsManager;
    service.answer(request, response).catch(() => response.destroy());
  });
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
    secretsManager,
    s3,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
