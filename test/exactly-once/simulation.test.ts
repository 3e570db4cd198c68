import { expect, it } from "vitest";
import { Simulation } from "./simulation.ts";

const clock = () => new Float64Array(1);

/** Two who wait for their turn three times each, and sleep in between. */
async function play(seed: number): Promise<readonly string[]> {
  const simulation = new Simulation(seed, clock(), 0);
  for (const name of ["a", "b"]) {
    simulation.enter(name, 0, async () => {
      for (let times = 0; times < 3; times++) {
        simulation.resume(await simulation.turn(() => {}));
        simulation.note(name);
        await simulation.sleep(100);
      }
    });
  }
  await simulation.run();
  return simulation.trace;
}

it("a seed tells the whole order, and another one tells another", async () => {
  const orders = await Promise.all([1, 1, 2, 3, 4, 5].map(async (seed) => (await play(seed)).join()));

  expect(orders[0]).toBe(orders[1]);
  expect(new Set(orders).size).toBeGreaterThan(1);
});

it("time passes only from one thing that is to happen to the next", async () => {
  expect((await play(1)).map((line) => line.trim().slice(0, 4))).toEqual([
    "0.00",
    "0.00",
    "0.10",
    "0.10",
    "0.20",
    "0.20",
  ]);
});

it("an alarm has one who waits go on without what he waits for", async () => {
  const simulation = new Simulation(1, clock(), 0);
  const begun = simulation.now;
  let left = false;
  simulation.enter("a", 0, async () => {
    const alarm = Promise.withResolvers<void>();
    simulation.alarm(500, alarm.resolve);
    simulation.pause(() => {
      left = true;
    });
    await alarm.promise;
  });
  await simulation.run();

  expect([left, simulation.now - begun]).toEqual([true, 500]);
});

it("the first error of one who acts ends all", async () => {
  const simulation = new Simulation(1, clock(), 0);
  simulation.enter("a", 0, () => Promise.reject(new Error("a fell")));

  await expect(simulation.run()).rejects.toThrow("a fell");
});
