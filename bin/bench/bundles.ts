import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { handler as push } from "../../functions/push-zipfile.ts";
import { EXAMPLE, EXAMPLE_QUAY } from "../../infra/local/example.ts";
import { lambdaContext } from "../../infra/local/lambda-context.ts";
import { createApp } from "../../lib/app.ts";
import { type QuayFake, startQuayFake } from "../../test/fakes/quay.ts";
import { pushBundleEvent } from "./events.ts";
import { readInput } from "./inputs.ts";
import { bundleScript, measure, type Row } from "./process.ts";

/** Pushes of bundles, validations and listings; after `requestRows`, whose inputs are used. */
export async function bundleRows(folder: string): Promise<Row[]> {
  const script = await bundleScript("scenario", folder);
  const quay = await startQuayFake({ seed: EXAMPLE_QUAY });
  const environment = (name: string, settings: object) => {
    const config = join(folder, `${name}.json`);
    writeFileSync(config, JSON.stringify({ log_level: "ERROR", ...settings }));
    return { OMPS_CONFIG: config, QUAY_URL: quay.url };
  };
  const bundles = environment("bundles", { organizations: { [EXAMPLE.organization]: { target: "bundle" } } });
  const packages = environment("packages", {});
  const at = (scenario: string, env: Record<string, string>) => {
    quay.reset();
    return measure(script, [scenario, folder], env);
  };
  const first = await at("bundle", bundles);
  const again = await at("bundle-again", bundles);
  const requests = await requestsOfPush(quay, bundles, readInput(folder, "bundle"));
  const validation = await at("validate", packages);
  const releases = await at("releases", packages);
  await quay.close();
  return [
    { unit: "ms", what: "push of the median bundle", budget: 15, ours: first.cpu },
    { unit: "ms", what: "the same bundle again", budget: 15, ours: again.cpu },
    { unit: "requests", what: "the same bundle again", budget: 3, ours: requests },
    { unit: "ms", what: "validation of the median package", budget: 15, ours: validation.cpu },
    { unit: "ms", what: "GET of 20 releases", ours: releases.cpu },
  ];
}

/** How often a push of what is there already asks the registry. */
async function requestsOfPush(
  quay: QuayFake,
  env: Parameters<typeof createApp>[0],
  zip: Buffer,
): Promise<number> {
  const before = quay.requests.length;
  const context = { ...lambdaContext("push-zipfile"), app: createApp(env) };
  const { statusCode, body } = await push(pushBundleEvent(zip, "bundle"), context);
  if (statusCode !== 200) throw new Error(`the same bundle again: ${statusCode} ${body}`);
  return quay.requests.length - before;
}
