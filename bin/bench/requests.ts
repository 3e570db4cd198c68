import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startAws } from "../../infra/local/aws/aws.ts";
import { EXAMPLE, EXAMPLE_QUAY } from "../../infra/local/example.ts";
import { operatorBuild, startKojiFake } from "../../test/fakes/koji.ts";
import { type QuayFault, startQuayFake } from "../../test/fakes/quay.ts";
import { readInput, writeInputs } from "./inputs.ts";
import { bundleScript, type Measurement, measure, type Row } from "./process.ts";

const LIMITS = { max_content_length: 4_400_000, zipfile_max_uncompressed_size: 100_000_000 };

/** Requests through the bundled handlers in the folder, against a fake of Quay in this process. */
export async function requestRows(folder: string): Promise<Row[]> {
  await writeInputs(folder);
  const script = await bundleScript("scenario", folder);
  const config = join(folder, "config.json");
  writeFileSync(config, JSON.stringify({ log_level: "ERROR", ...LIMITS }));
  const quay = await startQuayFake({ seed: EXAMPLE_QUAY, recording: false, maxBodyBytes: 20_000_000 });
  const koji = await startKojiFake({
    seed: { builds: [operatorBuild(EXAMPLE.nvr, readInput(folder, "small"))] },
    recording: false,
  });
  const aws = await startAws();
  const urls = { QUAY_URL: quay.url, KOJIHUB_URL: koji.hubUrl, KOJIROOT_URL: koji.rootUrl };
  const bucket = { OMPS_STAGING_BUCKET: "staging", AWS_ENDPOINT_URL: aws.settings.endpoint };
  const keys = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
  const at = (scenario: string, faults: QuayFault[] = [], env: Record<string, string> = {}) => {
    quay.reset();
    quay.faults = faults;
    return measure(script, [scenario, folder], { OMPS_CONFIG: config, ...urls, ...env });
  };

  const [small, smallPlain] = [await at("small"), await at("small-plain")];
  const [big, bigPlain] = [await at("big"), await at("big-plain")];
  const build = await at("koji");
  const alwaysThere: QuayFault = { op: "delete", do: { status: 200, json: { status: "deleted" } } };
  const removal = await at("delete", [alwaysThere]);
  const locked = await at("small", [], { ...bucket, ...keys });
  const lockedRemoval = await at("delete", [alwaysThere], { ...bucket, ...keys });
  await Promise.all([quay.close(), koji.close(), aws.close()]);

  const ms = { unit: "ms" } as const;
  return [
    { ...ms, what: "small flat push", original: 374, budget: 20, ours: small.cpu, plain: smallPlain.cpu },
    { ...ms, what: "big nested push", original: 1126, budget: 450, ours: big.cpu, plain: bigPlain.cpu },
    { unit: "MiB", what: "big nested push, peak", budget: 256, ours: mib(big), plain: mib(bigPlain) },
    { ...ms, what: "small push of a build", original: 377, budget: 20, ours: build.cpu },
    { ...ms, what: "delete one release", original: 2.5, budget: 1.5, ours: removal.cpu },
    { ...ms, what: "lock of a push", budget: 5, ours: locked.cpu - small.cpu },
    { ...ms, what: "lock of a deletion", budget: 5, ours: lockedRemoval.cpu - removal.cpu },
  ];
}

export function mib({ peak }: Measurement): number {
  return peak / 2 ** 20;
}
