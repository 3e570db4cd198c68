#!/usr/bin/env node
import { newClient, startBridge } from "../bridge/bridge.ts";
import { readSettings, SettingsError } from "../bridge/settings.ts";
import { createLog } from "../lib/telemetry/index.ts";

const SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];

const HELP = `Usage: npm run bridge -- --url URL --protocol PROTOCOL --bus BUS [options]

Takes messages of Koji from a broker and puts them as events on a bus of EventBridge. The broker is told that a message
may be forgotten only after the bus has taken it. Runs until SIGTERM or SIGINT, and connects again when the broker goes.

  --url URL           amqp://host or amqps://host, with user:password@, :port and /vhost where needed
  --protocol P        1.0 (Koji's protonmsg) or 0-9-1 (fedora-messaging)
  --bus BUS           the bus's name or ARN
  --prefetch N        messages under way at once (100); with AMQP 1.0, of each address

AMQP 1.0:
  --address A         what to subscribe to, such as topic://koji.build.complete; can be given several times

AMQP 0-9-1:
  --queue Q           the queue to consume
  --routing-key K     makes the queue where it is missing, durable, and binds it; can be given several times
  --exchange X        the exchange that it is bound to (amq.topic)

With amqps:// (PEM files; read again for each connection):
  --ca FILE           the CAs to trust (those of Node)
  --cert FILE         our certificate; without a password in the URL it is also the login (SASL EXTERNAL)
  --key FILE          its key

  --help              this text

Each option can also come from the environment: --url is BRIDGE_URL, --routing-key BRIDGE_ROUTING_KEY, and so on, with
commas between several. That is the place for a URL with a password. AWS is found as always: AWS_REGION, AWS_PROFILE, …

The log is lines of JSON: warnings and errors on standard error, the rest on standard output.

Exit status: 0 stopped by a signal, 2 wrong usage
`;

/** @throws SettingsError where no region is known, or what was asked for is not in order */
async function run(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings === "help") {
    process.stdout.write(HELP);
    return;
  }
  const client = newClient();
  await client.config.region().catch((cause: unknown) => {
    throw new SettingsError("AWS: no region is known, set AWS_REGION", { cause });
  });
  const bridge = startBridge(settings, { client, log: createLog("INFO") });
  for (const signal of SIGNALS) process.once(signal, () => void bridge.stop());
}

try {
  await run();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}
