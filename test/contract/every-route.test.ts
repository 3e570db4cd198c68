import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ROUTES } from "../../lib/api/index.ts";
import { operatorBuild } from "../fakes/koji.ts";
import { ACME_QUAY, type Answer, form, type Omps, startOmps } from "../support/omps.ts";
import { idOf, operationsOn } from "../support/operations.ts";
import { packageZip } from "../support/package.ts";

const NVR = "etcd-operator-container-0.9.4-1";
const VALUES: Readonly<Record<string, string>> = {
  organization: "acme",
  repository: "etcd",
  version: "1.0.0",
  nvr: NVR,
};

let omps: Omps;
beforeAll(async () => {
  omps = await startOmps();
});
beforeEach(() => {
  omps.reset();
  omps.koji.reset({ builds: [operatorBuild(NVR, packageZip())] });
});
afterAll(() => omps.close());

const { asked } = operationsOn(() => omps);

/** A good request for a route; the support holds its answer against the document. */
async function request(method: string, path: string): Promise<Answer> {
  const operation = path.includes("{operation}") ? idOf(await asked()) : "";
  const there = method === "DELETE" || path.endsWith("/releases");
  if (there) omps.reset({ ...ACME_QUAY, repositories: [{ name: "acme/etcd", releases: ["1.0.0"] }] });
  const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => VALUES[name] ?? operation);
  const takesZip = /\/(zipfile|validate)(\/\{version\})?$/.test(path);
  return omps.call(method, target, takesZip ? form(packageZip()) : {});
}

describe("every route answers a good request as it is documented", () => {
  const all = ROUTES.flatMap(({ methods, path }) =>
    methods.map((method): [string, string] => [method, path]),
  );

  // What HEAD answers is that of GET; the front leaves out its body.
  it.each(all.filter(([method]) => method !== "HEAD"))("%s %s", async (method, path) => {
    const { status } = await request(method, path);

    expect(status).toBe(path.endsWith("/uploads") ? 201 : 200);
  });
});
