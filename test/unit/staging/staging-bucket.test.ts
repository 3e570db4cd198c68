import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AwsStandIn, startAws } from "../../../infra/local/aws/aws.ts";
import { PART_BYTES, StagingBucket } from "../../../lib/staging/index.ts";

let aws: AwsStandIn;
let bucket: StagingBucket;
const { signal } = new AbortController();

beforeAll(async () => {
  aws = await startAws();
  bucket = new StagingBucket("staging", aws.settings);
});
beforeEach(() => aws.s3.reset());
afterAll(() => aws.close());

async function* bytes(total: number, end?: () => never): AsyncGenerator<Buffer> {
  const chunk = Buffer.alloc(1024 * 1024, "x");
  for (let left = total; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
  end?.();
}

describe("the staging bucket", () => {
  it("holds what was written, with its tag", async () => {
    await bucket.write("koji/1/a b+c.zip", bytes(10), "md5:x", signal);

    expect(await bucket.tagOf("koji/1/a b+c.zip", signal)).toBe("md5:x");
    expect((await bucket.read("koji/1/a b+c.zip", signal)).toString()).toBe("xxxxxxxxxx");
    expect([...aws.s3.objects.keys()]).toEqual(["staging/koji/1/a b+c.zip"]);
  });

  it("writes large objects in parts", async () => {
    await bucket.write("large", bytes(2 * PART_BYTES + 5), "", signal);

    expect((await bucket.read("large", signal)).length).toBe(2 * PART_BYTES + 5);
    expect(aws.s3.requests.filter((line) => line.startsWith("PUT"))).toHaveLength(3);
    expect(aws.s3.uploads.size).toBe(0);
  });

  it("knows no tag of what is not there", async () => {
    expect(await bucket.tagOf("koji/1/none", signal)).toBeUndefined();
  });

  it.each([10, 2 * PART_BYTES])("keeps nothing when the bytes end in an error, after %i", async (total) => {
    const end = () => {
      throw new Error("the checksum differs");
    };

    await expect(bucket.write("broken", bytes(total, end), "", signal)).rejects.toThrow(
      "the checksum differs",
    );

    expect(aws.s3.objects.size).toBe(0);
    while (aws.s3.uploads.size > 0) await wait(1);
  });

  it("keeps nothing when the time is over", async () => {
    const deadline = new AbortController();
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.alloc(PART_BYTES + 1);
      deadline.abort();
      yield* bytes(PART_BYTES);
    }

    await expect(bucket.write("late", endless(), "", deadline.signal)).rejects.toThrow();

    expect(aws.s3.objects.size).toBe(0);
  });

  it("fails when S3 does", async () => {
    aws.s3.faults.add("HEAD");

    await expect(bucket.tagOf("any", signal)).rejects.toThrow();
  });
});
