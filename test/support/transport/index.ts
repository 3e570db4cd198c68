import { inProcess } from "./in-process.ts";
import { realRuntime } from "./real-runtime.ts";
import type { Deployment, Transport } from "./transport.ts";

export { FINGERPRINT_KEY, type QueueEvent, type Transport } from "./transport.ts";

/**
 * The real runtime where `OMPS_TEST_RUNTIME` names the folder of the bundled functions, as `npm run test:lambda`
 * does; else this process.
 */
export async function openTransport(deployment: Deployment): Promise<Transport> {
  const code = process.env["OMPS_TEST_RUNTIME"];
  return code ? realRuntime(code, deployment) : inProcess(deployment);
}
