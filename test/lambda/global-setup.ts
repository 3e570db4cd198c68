import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleFunctions } from "../../infra/build/bundle.ts";
import { readConfiguration, writeConfiguration } from "../../infra/build/configuration.ts";
import { interfaceClient } from "../runtime/interface-client.ts";

/** Makes what the tests run: the functions as they are deployed, and their runtime. Gives what takes it away. */
export async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "omps-functions-"));
  await interfaceClient();
  await bundleFunctions({ outdir: folder });
  writeConfiguration(readConfiguration(undefined), folder);
  process.env["OMPS_TEST_RUNTIME"] = folder;
  return () => rmSync(folder, { recursive: true });
}
