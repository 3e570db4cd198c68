import { consumer, takePush } from "../lib/worker/index.ts";

/** Pushes that were queued: publishes the package of a build with the organization's own token. */
export const handler = consumer("push", takePush);
