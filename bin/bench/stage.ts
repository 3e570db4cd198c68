import { HttpClient } from "../../lib/http/index.ts";
import { KojiFiles } from "../../lib/koji/index.ts";
import { StagingBucket } from "../../lib/staging/index.ts";
import { peakBytes } from "./measure.ts";

/** Stages one large archive, and prints what it took: milliseconds of CPU, and bytes beyond those at the start. */
const [, , endpoint = "", url = ""] = process.argv;

const MAX_BYTES = 2 ** 30;
const { signal } = new AbortController();
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const bucket = new StagingBucket("staging", { endpoint, region: "us-east-1", credentials });
const http = new HttpClient({ timeoutMs: 60_000, sleep: async () => {} });
const archive = {
  build: { id: 1, nvr: "large-1-1", name: "large", version: "1", release: "1" },
  name: "large.zip",
  url: new URL(url),
};

// The first use of S3 loads its client, which is not what is measured.
await bucket.tagOf("none", signal);
const atStart = peakBytes();
const before = process.cpuUsage();
await new KojiFiles(http).stream(archive, MAX_BYTES, (bytes) => bucket.write("large", bytes, "", signal));
const { user, system } = process.cpuUsage(before);
const peak = peakBytes() - atStart;
process.stdout.write(JSON.stringify({ cpu: (user + system) / 1000, peak }));
process.exit(0);
