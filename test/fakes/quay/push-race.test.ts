import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FOO, Probe, parcel } from "./probe.ts";

let probe: Probe;

beforeEach(async () => {
  probe = await Probe.start();
});

afterEach(() => probe.quay.close());

describe("two simultaneous pushes of one release, while Quay is racy", () => {
  beforeEach(() => {
    probe.quay.racy = true;
  });

  it("succeed both and leave it twice, to be deleted twice", async () => {
    const pushes = await Promise.all([
      probe.post(FOO, parcel("1.0.0", "a")),
      probe.post(FOO, parcel("1.0.0", "b")),
    ]);
    const duplicates = probe.quay.packages()["acme/foo"]?.releases;
    const first = await probe.remove(`${FOO}/1.0.0/helm`);
    const sameSecond = await probe.remove(`${FOO}/1.0.0/helm`);
    probe.pass(1.2);
    const later = await probe.remove(`${FOO}/1.0.0/helm`);
    const tooOften = await probe.remove(`${FOO}/1.0.0/helm`);

    expect(pushes.map(({ status }) => status)).toEqual([200, 200]);
    expect(duplicates).toEqual(["1.0.0", "1.0.0"]);
    expect([first, sameSecond, later, tooOften].map(({ status }) => status)).toEqual([200, 500, 200, 404]);
  });

  it("break one of them when their content is the same", async () => {
    const pushes = await Promise.all([probe.post(FOO, parcel("1.0.0")), probe.post(FOO, parcel("1.0.0"))]);

    expect(pushes.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 500]);
    expect(probe.quay.packages()["acme/foo"]?.releases).toEqual(["1.0.0"]);
  });

  it("end in 409 when the second comes after the first", async () => {
    await probe.post(FOO, parcel("1.0.0"));

    expect((await probe.post(FOO, parcel("1.0.0"))).status).toBe(409);
  });
});
