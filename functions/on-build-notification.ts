import { consumer, takeNotification } from "../lib/worker/index.ts";

/** Notifications of builds: queues a push for each rule that wants the build. */
export const handler = consumer("notify", takeNotification);
