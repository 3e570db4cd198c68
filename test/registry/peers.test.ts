import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { PUBLISHER, READER } from "./accounts.ts";
import { demoBundle } from "./bundle-image.ts";
import { type DockerRegistry, startDockerRegistry } from "./docker-registry.ts";
import { writeOciLayout } from "./oci-layout.ts";
import { type Skopeo, skopeoFor } from "./skopeo.ts";

const IMAGE = demoBundle({ version: "1.0.0" });

const tools = inject("tools");
const areThere = tools.includes("docker-registry") && tools.includes("skopeo");

describe.runIf(areThere).each([
  { auth: "none", tls: false },
  { auth: "basic", tls: false },
  { auth: "token", tls: false },
  { auth: "basic", tls: true },
  { auth: "token", tls: true },
] as const)("the registry with auth $auth, TLS $tls", ({ auth, tls }) => {
  let folder: string;
  let digest: string;
  let registry: DockerRegistry;
  let skopeo: Skopeo;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "omps-image-"));
    digest = await writeOciLayout(folder, IMAGE);
    registry = await startDockerRegistry({ auth, tls });
    skopeo = await skopeoFor(registry);
  });

  afterAll(async () => {
    skopeo?.end();
    await registry?.stop();
    rmSync(folder, { recursive: true });
  });

  it.runIf(auth !== "none")("refuses who is not logged in, and a wrong password", async () => {
    const wrong = { ...PUBLISHER, password: "wrong" };

    await expect(skopeo.push(folder, "private/demo:1.0.0")).rejects.toThrow(/unauthorized/i);
    await expect(skopeo.login(wrong)).rejects.toThrow("invalid username/password");
    await expect(skopeo.push(folder, "private/demo:1.0.0")).rejects.toThrow(/unauthorized/i);
  });

  it("takes an image of another client and gives it as it was", async () => {
    if (auth !== "none") await skopeo.login(PUBLISHER);
    await skopeo.push(folder, "private/demo:1.0.0");

    expect(await skopeo.inspect("private/demo:1.0.0")).toEqual({ digest, labels: IMAGE.labels });
  });

  it.runIf(auth === "token")("asks what a user may do", async () => {
    const publisher = await skopeoFor(registry, PUBLISHER);
    const reader = await skopeoFor(registry, READER);
    await publisher.push(folder, "public/demo:1.0.0");
    await publisher.push(folder, "private/demo:1.0.0");

    expect((await reader.inspect("public/demo:1.0.0")).digest).toBe(digest);
    await expect(reader.push(folder, "public/demo:2.0.0")).rejects.toThrow(/denied|unauthorized/i);
    await expect(reader.inspect("private/demo:1.0.0")).rejects.toThrow(/denied|unauthorized/i);
    await expect(publisher.inspect("public/demo:2.0.0")).rejects.toThrow("manifest unknown");
    publisher.end();
    reader.end();
  });

  it("logs no password", () => {
    for (const { password } of [PUBLISHER, READER]) expect(registry.log()).not.toContain(password);
  });
});
