import { expect } from "vitest";
import { type Answer, type Call, form, type Omps } from "./omps.ts";
import { packageZip } from "./package.ts";
import { batch, type MessageParts, notDone, queueMessage } from "./queue-event.ts";

/** What asks for a push that nobody waits for. */
export const PREFER = { prefer: "respond-async" };

/** The archive that is pushed unless told. */
export const ZIP = packageZip();

/** The upload of a zip that nobody waits for. */
export function uploading(content: Buffer, headers: Record<string, string> = {}): Call {
  const { headers: type, body } = form(content);
  return { headers: { ...type, ...PREFER, ...headers }, body };
}

/** The ID of an operation that was accepted. */
export function idOf({ status, body }: Answer): string {
  expect(status).toBe(202);
  return String(body["id"]);
}

/** What tests do with the operations of a service. */
export function operationsOn(omps: () => Omps) {
  const sentTo = (name: string) => omps().messaging.sent.filter(({ queue }) => queue === name);
  const stateOf = (id: string) => `staging/operations/${id}/state`;
  return {
    asked: (path = "/v2/acme/zipfile", content = ZIP, headers: Record<string, string> = {}) =>
      omps().call("POST", path, uploading(content, headers)),
    tell: (id: string, call: Call = {}) => omps().call("GET", `/v2/operations/${id}`, call),
    queued: () => sentTo("pushes.fifo"),
    aside: () => sentTo("aside.fifo"),
    /** Keys of all that is kept of operations. */
    keys: () => [...omps().s3.objects.keys()].filter((key) => key.startsWith("staging/operations/")),
    stateOf,
    releases: () => omps().quay.packages()["acme/etcd"]?.releases,
    /** Hands the message that was queued last to the worker; gives the IDs of messages that are not done. */
    work: async (parts: MessageParts = {}): Promise<string[]> => {
      const { body = "", group = "" } = sentTo("pushes.fifo").at(-1) ?? {};
      const event = batch(queueMessage(body, { group, ...parts }));
      return notDone(await omps().deliver("push-worker", event));
    },
    /** Changes what is kept of an operation. */
    change: (id: string, changed: object): void => {
      const { objects } = omps().s3;
      const object = objects.get(stateOf(id)) ?? expect.fail("there is no such operation");
      const kept: unknown = JSON.parse(object.content.toString());
      const content = Buffer.from(JSON.stringify(Object.assign({}, kept, changed)));
      objects.set(stateOf(id), { ...object, content });
    },
  };
}
