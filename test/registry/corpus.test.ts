import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { packBundle } from "../../lib/operator/index.ts";
import { PUBLISHER } from "./accounts.ts";
import { type PackedBundle, publisherTo } from "./corpus/bundles.ts";
import { checkPackage, type Peers } from "./corpus/check.ts";
import { type DockerRegistry, startDockerRegistry } from "./docker-registry.ts";
import { opmFor } from "./opm.ts";
import { skopeoFor } from "./skopeo.ts";

const tools = inject("tools");
const areThere = (["docker-registry", "skopeo", "opm"] as const).every((tool) => tools.includes(tool));

describe.runIf(areThere)("the bundles of a package, as skopeo and opm see them in a registry", () => {
  let registry: DockerRegistry;
  let peers: Peers;
  let folder: string;
  let organizations = 0;

  const check = (path: string, using: Partial<Peers> = {}) =>
    checkPackage(path, `organization-${++organizations}`, { ...peers, ...using });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "omps-package-"));
    registry = await startDockerRegistry({ auth: "token", tls: true });
    const [skopeo, opm] = await Promise.all([skopeoFor(registry, PUBLISHER), opmFor(registry, PUBLISHER)]);
    peers = { publisher: publisherTo(registry, PUBLISHER), skopeo, opm };
  });

  afterAll(async () => {
    await peers?.publisher.close();
    peers?.skopeo.end();
    peers?.opm.end();
    await registry?.stop();
    rmSync(folder, { recursive: true });
  });

  it.each(["examples/flat", "examples/nested"])("are what %s says", async (path) => {
    const images = path === "examples/nested" ? 2 : 1;

    expect(await check(path)).toEqual({ path, outcome: "good", images, reasons: [] });
  });

  it("are refused where a channel leads to no version", async () => {
    cpSync("examples/flat", folder, { recursive: true });
    const file = join(folder, "tidewater-operator.package.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(/currentCSV: .*/, "currentCSV: none"));

    const reason = expect.stringContaining("Expected currentCSV");
    expect(await check(folder)).toEqual({ path: folder, outcome: "refused", images: 0, reasons: [reason] });
  });

  it("are bad where the published image is another", async () => {
    const changed = async ({ bundle }: PackedBundle): Promise<PackedBundle> => {
      const labels = { ...bundle.labels, "operators.operatorframework.io.bundle.channels.v1": "other" };
      return { bundle, image: await packBundle({ ...bundle, labels }, "oci") };
    };
    const { publisher } = peers;
    const liar: typeof publisher = {
      ...publisher,
      push: async (repository, bundles) =>
        publisher.push(repository, await Promise.all(bundles.map(changed))),
    };

    const { outcome, reasons } = await check("examples/flat", { publisher: liar });

    expect(outcome).toBe("bad");
    expect(reasons).toEqual([
      expect.stringContaining("digest: expected"),
      expect.stringContaining('got ["other"]'),
      expect.stringContaining("invalid package"),
    ]);
  });
});
