import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Bundle, bundleFunctions } from "../../../infra/build/bundle.ts";
import { HttpClient } from "../../../lib/http/index.ts";
import { type KojiFake, startKojiFake } from "../../fakes/koji.ts";

const SOURCE = `
  import { KojiHub } from ${JSON.stringify(resolve("lib/koji/index.ts"))};
  export const handler = (http, url) => new KojiHub(http, url).build("etcd-operator-container-0.9.4-1");
`;

let folder: string;
let koji: KojiFake;
let bundle: Bundle;
beforeAll(async () => {
  koji = await startKojiFake();
  folder = mkdtempSync(join(tmpdir(), "omps-koji-"));
  writeFileSync(join(folder, "ask.ts"), SOURCE);
  bundle = await bundleFunctions({ functions: folder, outdir: join(folder, "out") });
});
afterAll(async () => {
  await koji.close();
  rmSync(folder, { recursive: true, force: true });
});

it("works in the form in which it is deployed", async () => {
  const { handler } = await import(pathToFileURL(join(folder, "out", "ask.mjs")).href);
  const http = new HttpClient({ timeoutMs: 20_000, sleep: async () => {} });

  expect(await handler(http, koji.hubUrl)).toMatchObject({ id: 1 });
  http.close();
});

it("loads the codec only when it is used", () => {
  const start = bundle.functions.flatMap(({ startFiles }) => startFiles);
  const codec = bundle.chunks.filter(({ contents }) => /xmlbuilder|sax/.test(contents.join(" ")));

  expect(codec.length).toBeGreaterThan(0);
  expect(codec.filter(({ file }) => start.includes(file))).toEqual([]);
});
