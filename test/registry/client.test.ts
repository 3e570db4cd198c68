import { afterAll, beforeAll, describe, inject } from "vitest";
import { describeImageRegistry } from "../unit/quay/image-registry-suite.ts";
import { basicHeader, PUBLISHER, READER } from "./accounts.ts";
import { type DockerRegistry, startDockerRegistry } from "./docker-registry.ts";

describe.runIf(inject("tools").includes("docker-registry")).each(["none", "basic", "token"] as const)(
  "docker-registry with auth %s",
  (auth) => {
    let registry: DockerRegistry;
    let made = 0;

    beforeAll(async () => {
      registry = await startDockerRegistry({ auth, deletion: true });
    });

    afterAll(() => registry?.stop());

    describeImageRegistry("and the client of image registries", () => ({
      registry: registry.url,
      quayUrl: (registry.tokens ?? registry.url).origin,
      organization: "private",
      callers: {
        writer: basicHeader(PUBLISHER),
        ...(auth === "token" && { stranger: basicHeader(READER) }),
        ...(auth !== "none" && { impostor: basicHeader({ ...PUBLISHER, password: "wrong" }) }),
      },
      deletesByTag: false,
      newRepository: () => `etcd-${++made}`,
    }));
  },
);
