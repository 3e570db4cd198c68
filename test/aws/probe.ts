import { afterAll, beforeAll, describe } from "vitest";
import { type AwsPeer, type ConnectedPeer, connectTo } from "./peer.ts";
import { probeConditions } from "./probe-conditions.ts";
import { probeObjects } from "./probe-objects.ts";
import { probeSecrets } from "./probe-secrets.ts";
import { probeUploads } from "./probe-uploads.ts";

/**
 * Declares the tests of all that OMPS asks of AWS. Whatever stands for AWS must pass them: then what is tested
 * against one holds for the others.
 *
 * @param name what stands for AWS
 * @param connect starts it
 */
export function probeAws(name: string, connect: () => Promise<AwsPeer>): void {
  describe(name, () => {
    let peer: ConnectedPeer;
    beforeAll(async () => {
      peer = connectTo(await connect());
    });
    afterAll(() => peer?.close());
    for (const probe of [probeObjects, probeConditions, probeUploads, probeSecrets]) probe(() => peer);
  });
}
