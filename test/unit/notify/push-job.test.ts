import { describe, expect, it } from "vitest";
import { MAX_JOB_TEXT, queued, readJob } from "../../../lib/notify/index.ts";

const JOB = { build_id: 7, nvr: "etcd-container-1-1", organization: "acme", rule: "0123456789ab" };

describe("a job in the queue", () => {
  it("is in the group of its organization and package, and is told from others by build and rule", () => {
    expect(queued(JOB, "etcd-container")).toEqual({
      job: JOB,
      group: "acme/etcd-container",
      deduplicationId: "7-0123456789ab",
    });
  });

  it("is in a group that SQS takes, however long the names are", () => {
    const name = (length: number) => "n".repeat(length - "acme/".length);

    expect(queued(JOB, name(128)).group).toBe(`acme/${name(128)}`);
    expect(queued(JOB, name(129)).group).toMatch(/^[0-9a-f]{64}$/);
    expect(queued(JOB, name(129)).group).not.toBe(queued(JOB, name(130)).group);
  });
});

describe("the text of a message", () => {
  it("may have texts so long, and no longer", () => {
    const job = (length: number) => readJob(JSON.stringify({ ...JOB, nvr: "n".repeat(length) }));

    expect(job(MAX_JOB_TEXT)).toMatchObject({ nvr: "n".repeat(MAX_JOB_TEXT) });
    expect(job(MAX_JOB_TEXT + 1)).toBeUndefined();
  });

  it("is read as the job that was written", () => {
    expect(readJob(JSON.stringify(JOB))).toEqual(JOB);
    expect(readJob(JSON.stringify({ ...JOB, version: "1.0.0" }))).toEqual({ ...JOB, version: "1.0.0" });
  });

  it("may name an operation", () => {
    const job = { operation: "0123456789abcdef0123456789abcdef" };

    expect(readJob(JSON.stringify(job))).toEqual(job);
  });

  it.each([
    "",
    "no JSON",
    "null",
    "[]",
    "{}",
    JSON.stringify({ ...JOB, build_id: "7" }),
    JSON.stringify({ ...JOB, nvr: "" }),
    JSON.stringify({ operation: "../../x" }),
  ])("that is no job gives none: %s", (body) => {
    expect(readJob(body)).toBeUndefined();
  });
});
