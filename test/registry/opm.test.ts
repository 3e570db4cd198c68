import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { PUBLISHER } from "./accounts.ts";
import { demoBundle } from "./bundle-image.ts";
import { catalogOf } from "./catalog.ts";
import { type DockerRegistry, startDockerRegistry } from "./docker-registry.ts";
import { writeOciLayout } from "./oci-layout.ts";
import { type Opm, opmFor } from "./opm.ts";
import { skopeoFor } from "./skopeo.ts";

const VERSIONS = [{ version: "1.0.0" }, { version: "1.1.0", replaces: "demo.v1.0.0" }];
const IMAGES = VERSIONS.map(({ version }) => `private/demo:${version}`);

const tools = inject("tools");
const areThere = (["docker-registry", "skopeo", "opm"] as const).every((tool) => tools.includes(tool));

describe.runIf(areThere).each([false, true])("opm, with a registry whose TLS is %s", (tls) => {
  let registry: DockerRegistry;
  let opm: Opm;

  beforeAll(async () => {
    registry = await startDockerRegistry({ auth: "token", tls });
    opm = await opmFor(registry, PUBLISHER);
    await pushAll(registry);
  });

  afterAll(async () => {
    opm?.end();
    await registry?.stop();
  });

  it("reads bundles, in the order that they are asked for in", async () => {
    const rendered = await opm.render(IMAGES.toReversed());

    expect(rendered).toMatchObject(
      VERSIONS.toReversed().map(({ version }) => ({
        image: `${registry.host}/private/demo:${version}`,
        name: `demo.v${version}`,
        packageName: "demo",
        version,
        provided: ["example.com/v1/Demo"],
        required: ["example.org/v2/Need"],
      })),
    );
  });

  it("takes a catalog of them, and refuses one whose channel has two heads", async () => {
    const rendered = await opm.render(IMAGES);
    const entries = rendered.map((bundle, index) => ({
      bundle,
      channels: ["alpha", "beta"],
      replaces: VERSIONS[index]?.replaces,
    }));
    const apart = entries.map(({ bundle, channels }) => ({ bundle, channels }));

    await opm.validate(catalogOf("demo", "alpha", entries));
    await expect(opm.validate(catalogOf("demo", "alpha", apart))).rejects.toThrow("multiple channel heads");
    await expect(opm.validate(catalogOf("demo", "gamma", entries))).rejects.toThrow("gamma");
  });

  it("tells what is missing", async () => {
    await expect(opm.render(["private/demo:7"])).rejects.toThrow("private/demo:7: not found");
  });

  it("reads nothing without a password", async () => {
    const stranger = await opmFor(registry);

    await expect(stranger.render(IMAGES)).rejects.toThrow(/401|unauthorized|authorization failed/i);
    stranger.end();
  });
});

async function pushAll(registry: DockerRegistry): Promise<void> {
  const skopeo = await skopeoFor(registry, PUBLISHER);
  for (const [index, image] of IMAGES.entries()) {
    const folder = mkdtempSync(join(tmpdir(), "omps-image-"));
    await writeOciLayout(folder, demoBundle(VERSIONS[index] ?? { version: "0.0.0" }));
    await skopeo.push(folder, image);
    rmSync(folder, { recursive: true });
  }
  skopeo.end();
}
