import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startAws } from "../../../infra/local/aws/aws.ts";
import { lambdaContext } from "../../../infra/local/lambda-context.ts";
import { type App, createApp } from "../../../lib/app.ts";
import { parseConfig } from "../../../lib/config/index.ts";
import { createLog } from "../../../lib/telemetry/index.ts";
import { consumer, type Disposition, takePush } from "../../../lib/worker/index.ts";
import { type KojiFake, operatorBuild, startKojiFake } from "../../fakes/koji.ts";
import { type MessagingFake, startMessaging } from "../../fakes/messaging.ts";
import { type QuayFake, startQuayFake } from "../../fakes/quay.ts";
import { said } from "../../support/lines.ts";
import { ACME, ACME_QUAY } from "../../support/omps.ts";
import { packageZip } from "../../support/package.ts";
import { batch, notDone, queueMessage } from "../../support/queue-event.ts";

/** What a function must have left to do nothing at all: its answer, and what follows from an outcome. */
const RESERVED_MS = 6000;

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
});

function appOf(env: Parameters<typeof createApp>[0], settings: object = {}, aws?: MessagingFake): App {
  const config = parseConfig(JSON.stringify(settings), "test");
  const log = createLog("INFO", (line) => void lines.push(line));
  return createApp(env, { config, log, sleep: async () => {}, ...(aws && { aws: aws.settings }) });
}

describe("a batch", () => {
  const taken: string[] = [];
  beforeEach(() => {
    taken.length = 0;
  });

  /** Does with each message what its body says, and gives the IDs of those that are not done. */
  async function take(
    records: [id: string, body: Disposition | "throw" | "hang", group?: string][],
    left = 30_000,
  ) {
    const handler = consumer("push", async ({ record, content }) => {
      taken.push(record?.messageId ?? "");
      if (content === "throw") throw new TypeError("canary");
      if (content === "hang") return new Promise<Disposition>(() => {});
      return content === "retry" || content === "leave" ? content : "done";
    });
    const messages = records.map(([id, body, group]) => queueMessage(body, { id, ...(group && { group }) }));
    return notDone(await handler(batch(...messages), { ...lambdaContext("test", left), app: appOf({}) }));
  }

  it("is done when each of its messages is", async () => {
    expect(
      await take([
        ["a", "done", "g"],
        ["b", "done", "g"],
        ["c", "done"],
      ]),
    ).toEqual([]);
    expect(taken.toSorted()).toEqual(["a", "b", "c"]);
  });

  it("gives back a message that is tried again with the rest of its group, which it does not begin", async () => {
    expect(
      await take([
        ["a", "done", "g"],
        ["b", "retry", "g"],
        ["c", "done", "other"],
        ["d", "done", "g"],
      ]),
    ).toEqual(["b", "d"]);
    expect(taken).not.toContain("d");
    expect(taken).toContain("c");
  });

  it("gives back a message without a group alone", async () => {
    expect(
      await take([
        ["a", "retry"],
        ["b", "done"],
        ["c", "retry"],
      ]),
    ).toEqual(["a", "c"]);
    expect(taken).toEqual(["a", "b", "c"]);
  });

  it("gives back a message that is left alone, while its group goes on", async () => {
    expect(
      await take([
        ["a", "leave", "g"],
        ["b", "done", "g"],
        ["c", "leave", "g"],
      ]),
    ).toEqual(["a", "c"]);
    expect(taken).toEqual(["a", "b", "c"]);
  });

  it("gives back a message that a defect of ours stopped, which is logged once", async () => {
    expect(
      await take([
        ["a", "throw", "g"],
        ["b", "done", "g"],
      ]),
    ).toEqual(["a", "b"]);
    expect(said(lines, /^Message failed$/)).toMatchObject([{ level: "ERROR", request_id: "a" }]);
  });

  it("gives back a message that hangs before its function is ended", async () => {
    expect(
      await take(
        [
          ["a", "hang"],
          ["b", "done"],
        ],
        1050,
      ),
    ).toEqual(["a"]);
  });
});

describe("a push for which there is too little time", () => {
  const NVR = "etcd-operator-container-0.9.4-1";
  let quay: QuayFake;
  let koji: KojiFake;
  let aws: Awaited<ReturnType<typeof startAws>>;
  let messaging: MessagingFake;
  beforeAll(async () => {
    quay = await startQuayFake({ seed: ACME_QUAY });
    koji = await startKojiFake({ seed: { builds: [operatorBuild(NVR, packageZip())] } });
    aws = await startAws({ "omps/acme": JSON.stringify({ push_token: ACME.token }) });
    messaging = await startMessaging(aws.settings);
  });
  afterAll(() => Promise.all([quay, koji, messaging, aws].map((each) => each.close())));

  it("is given up in time to be postponed", async () => {
    quay.faults = [{ op: "push", do: { hang: true } }];
    const settings = { quay_url: quay.url, kojihub_url: koji.hubUrl, kojiroot_url: koji.rootUrl };
    const app = appOf(
      { OMPS_PUSH_QUEUE: `${messaging.settings.endpoint}/0/pushes.fifo` },
      settings,
      messaging,
    );
    const job = { build_id: 1, nvr: NVR, organization: "acme", rule: "rule" };

    const result = await consumer("push", takePush)(batch(queueMessage(job, { group: "g" })), {
      ...lambdaContext("push-worker", RESERVED_MS + 700),
      app,
    });

    expect(notDone(result)).toEqual(["message-1"]);
    expect(messaging.hidden).toMatchObject([{ receiptHandle: "receipt of message-1" }]);
    expect(said(lines, /^Request failed$/)).toMatchObject([{ organization: "acme", outcome: "failed" }]);
  });
});
