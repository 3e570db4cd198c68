import { expect, it } from "vitest";
import { Backoff } from "../../../bridge/backoff.ts";

const NEVER = new AbortController().signal;

function recorded(random: () => number) {
  const waits: number[] = [];
  const pause = async (milliseconds: number) => waits.push(milliseconds);
  return { waits, backoff: new Backoff({ firstMs: 100, longestMs: 1000, random, pause }) };
}

it("waits the longer the more failures there were in a row, up to the longest", async () => {
  const { waits, backoff } = recorded(() => 1);

  for (let failures = 0; failures < 6; failures++) await backoff.wait(NEVER);

  expect(waits).toEqual([100, 200, 400, 800, 1000, 1000]);
});

it("waits any part of that, so that not all come back at once", async () => {
  const { waits, backoff } = recorded(() => 0.25);

  await backoff.wait(NEVER);
  await backoff.wait(NEVER);

  expect(waits).toEqual([25, 50]);
});

it("begins anew after a success", async () => {
  const { waits, backoff } = recorded(() => 1);

  await backoff.wait(NEVER);
  await backoff.wait(NEVER);
  backoff.reset();
  await backoff.wait(NEVER);

  expect(waits).toEqual([100, 200, 100]);
});

it("waits no longer when it is stopped, also amid a wait", async () => {
  const stopped = new AbortController();
  const backoff = new Backoff({ firstMs: 1e9, longestMs: 1e9, random: () => 1 });

  const waiting = backoff.wait(stopped.signal);
  stopped.abort();

  await waiting;
  await backoff.wait(stopped.signal);
});
