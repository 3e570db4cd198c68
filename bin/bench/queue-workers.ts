import { startWorkers } from "../../infra/local/notifications.ts";
import { createApp } from "../../lib/app.ts";
import { peakBytes } from "./measure.ts";

/** Works on the queues until it is told to stop; then prints what it took, as the scenarios do. */
const [, , endpoint = ""] = process.argv;

const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const aws = { endpoint, region: "us-east-1", credentials };
const app = createApp(process.env, { aws });
startWorkers(aws, app);
const before = process.cpuUsage();
process.stdout.write("ready\n");
process.once("SIGTERM", () => {
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(JSON.stringify({ cpu: (user + system) / 1000, peak: peakBytes() }));
  process.exit(0);
});
