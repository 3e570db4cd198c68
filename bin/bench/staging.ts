import { startAws } from "../../infra/local/aws/aws.ts";
import { startKojiFake } from "../../test/fakes/koji.ts";
import { bundleScript, measure, type Row } from "./process.ts";
import { mib } from "./requests.ts";

const ARCHIVE_BYTES = 200 * 1024 * 1024;

/** Memory that staging an archive of any size may take, in MiB. */
const MAX_MIB = 64;

/** A large archive on its way from Koji to S3. */
export async function stagingRows(folder: string): Promise<Row[]> {
  const script = await bundleScript("stage", folder);
  const koji = await startKojiFake({ seed: { builds: [] }, recording: false });
  koji.store("large.zip", Buffer.alloc(ARCHIVE_BYTES, "x"));
  const aws = await startAws();
  const staged = await measure(script, [
    aws.settings.endpoint ?? "",
    `${koji.rootUrl.replace(/\/$/, "")}/large.zip`,
  ]);
  await Promise.all([koji.close(), aws.close()]);
  return [
    { what: "stage an archive of 200 MB", unit: "ms", ours: staged.cpu },
    {
      what: "stage an archive of 200 MB, more than at start",
      unit: "MiB",
      budget: MAX_MIB,
      ours: mib(staged),
    },
  ];
}
