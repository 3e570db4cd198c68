import { afterAll, beforeAll, describe } from "vitest";
import { type AwsPeer, type ConnectedPeer, connectTo, type Declared } from "./peer.ts";
import { probeConditions } from "./probe-conditions.ts";
import { EVENT_BUSES, EVENT_QUEUES, probeEvents } from "./probe-events.ts";
import { FIFO_QUEUES, probeFifo } from "./probe-fifo.ts";
import { probeForms } from "./probe-forms.ts";
import { probeObjects } from "./probe-objects.ts";
import { probeQueues, QUEUES } from "./probe-queues.ts";
import { probeSecrets } from "./probe-secrets.ts";
import { probeTokens } from "./probe-tokens.ts";
import { probeUploads } from "./probe-uploads.ts";

const DECLARED: Declared = { queues: [...QUEUES, ...FIFO_QUEUES, ...EVENT_QUEUES], buses: EVENT_BUSES };

const PROBES = [
  probeObjects,
  probeConditions,
  probeUploads,
  probeForms,
  probeSecrets,
  probeTokens,
  probeQueues,
  probeFifo,
  probeEvents,
];

/**
 * Declares the tests of all that OMPS asks of AWS. Whatever stands for AWS must pass them: then what is tested
 * against one holds for the others.
 *
 * @param name what stands for AWS
 * @param connect starts it, with these queues and buses
 */
export function probeAws(name: string, connect: (declared: Declared) => Promise<AwsPeer>): void {
  describe(name, () => {
    let peer: ConnectedPeer;
    beforeAll(async () => {
      peer = connectTo(await connect(DECLARED));
    });
    afterAll(() => peer?.close());
    for (const probe of PROBES) probe(() => peer);
  });
}
