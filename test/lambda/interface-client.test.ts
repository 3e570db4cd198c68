import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { interfaceClient } from "../runtime/interface-client.ts";

/** An environment without npm. */
const BARE = { PATH: "/nowhere" };

it("the runtime client is in a folder named after its version and the ABI of Node.js", async () => {
  const folder = `aws-lambda-ric-4.0.2-node${process.versions.modules}`;

  expect(await interfaceClient()).toMatch(new RegExp(`/${folder}/node_modules/aws-lambda-ric/index\\.mjs$`));
});

it("one that is installed is taken as it is, without npm", async () => {
  const installed = await interfaceClient();

  const cache = join(dirname(installed), "../../..");

  expect(await interfaceClient({ ...BARE, OMPS_CACHE: cache })).toBe(installed);
});

it("one that cannot be installed is told, and leaves nothing behind that could be taken for whole", async () => {
  const cache = mkdtempSync(join(tmpdir(), "omps-cache-"));
  onTestFinished(() => rmSync(cache, { recursive: true }));

  await expect(interfaceClient({ ...BARE, OMPS_CACHE: cache })).rejects.toThrow(
    "aws-lambda-ric 4.0.2 cannot be installed: spawn npm ENOENT",
  );

  expect(readdirSync(cache)).toEqual([]);
});
