import { afterAll } from "vitest";
import { DOCKER_IMAGES, type ImageSettings, QUAY_IMAGES, startQuayFake } from "../../fakes/quay.ts";
import { basic, seed } from "./acme.ts";
import { describeImageRegistry } from "./image-registry-suite.ts";

const KINDS: Readonly<Record<string, ImageSettings>> = {
  "a registry like Quay": QUAY_IMAGES,
  "one that tells its addresses without its host": { ...QUAY_IMAGES, addresses: "rooted" },
  "one that tells them relative to the request": { ...QUAY_IMAGES, addresses: "relative" },
  "one with a page for each tag": { ...QUAY_IMAGES, pageSize: 1 },
  "one like Docker's": DOCKER_IMAGES,
  "one that wants passwords": { ...DOCKER_IMAGES, authentication: "basic" },
  "one that greets all, and wants tokens": { ...QUAY_IMAGES, greetsAll: true },
  "one that greets all, and wants tokens for each right": { ...DOCKER_IMAGES, greetsAll: true },
  "one that greets all, and wants passwords": { ...DOCKER_IMAGES, authentication: "basic", greetsAll: true },
  "one like Harbor": { ...QUAY_IMAGES, absentCode: "NOT_FOUND" },
  "one that is open to all": { ...DOCKER_IMAGES, authentication: "none" },
};

for (const [title, images] of Object.entries(KINDS)) {
  const fake = await startQuayFake({ seed, images });
  afterAll(() => fake.close());
  let made = 0;
  const isOpen = images.authentication === "none";
  describeImageRegistry(title, () => ({
    registry: new URL(fake.url),
    quayUrl: fake.url,
    organization: "acme",
    callers: {
      writer: basic("acme+bot"),
      ...(!isOpen && { stranger: basic("acme+stranger"), impostor: basic("acme+nobody") }),
    },
    deletesByTag: images.deletesByTag,
    newRepository: () => `etcd-${++made}`,
  }));
}
