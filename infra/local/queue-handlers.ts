import { handler as onBuildNotification } from "../../functions/on-build-notification.ts";
import { handler as pushWorker } from "../../functions/push-worker.ts";

/** The deployed functions that queues call, in this process. */
export const queueHandlers = {
  "on-build-notification": onBuildNotification,
  "push-worker": pushWorker,
};
