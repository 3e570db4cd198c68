import { describe, expect, it } from "vitest";
import { type Parcel, takeBatch } from "../../../bridge/batch.ts";
import { textOf } from "../../../bridge/broker.ts";
import { bytesOf, entryOf, MAX_ENTRY_BYTES, UnfitMessageError } from "../../../bridge/entry.ts";

const message = (text: string | undefined) => ({ topic: "koji.build.complete", headers: {}, text });

describe("the entry of a message", () => {
  it("has topic, headers and body as JSON", () => {
    const entry = entryOf({
      topic: 'topic://"koji"',
      headers: { type: "BuildStateChange", old: null, "sent-at": "2026-11-24" },
      text: '{"new": 1}',
    });

    expect(entry).toMatchObject({ Source: "koji", DetailType: "BuildStateChange" });
    expect(JSON.parse(entry.Detail)).toEqual({
      topic: 'topic://"koji"',
      headers: { type: "BuildStateChange", old: null, "sent-at": "2026-11-24" },
      body: { new: 1 },
    });
  });

  it.each(["", "no JSON", '{"cut": ', 'two "lines"\n\u0000'])(
    "has %j, which is no JSON, as a string",
    (text) => {
      expect(JSON.parse(entryOf(message(text)).Detail)).toMatchObject({ body: text });
    },
  );

  it("keeps each digit of a number", () => {
    expect(entryOf(message("[12345678901234567890, 1.10]")).Detail).toContain("[12345678901234567890, 1.10]");
  });

  it("may have as many bytes as fit, and not one more", () => {
    const room = MAX_ENTRY_BYTES - bytesOf(entryOf(message('""')));

    expect(bytesOf(entryOf(message(`"${"x".repeat(room)}"`)))).toBe(MAX_ENTRY_BYTES);
    expect(() => entryOf(message(`"${"x".repeat(room + 1)}"`))).toThrow(UnfitMessageError);
    expect(() => entryOf(message(`"${"€".repeat(room / 2)}"`))).toThrow(
      /^The event has \d+ bytes, at most 1000000 can be put$/,
    );
  });

  it("cannot be made of what is not text, or of headers that are not JSON", () => {
    expect(() => entryOf(message(undefined))).toThrow(new UnfitMessageError("The body is not text"));
    expect(() => entryOf({ ...message("{}"), headers: { big: 1n } })).toThrow(UnfitMessageError);
  });
});

describe("bytes", () => {
  it("are text where they are UTF-8, and else none", () => {
    expect(textOf(Buffer.from("é€😀"))).toBe("é€😀");
    expect(textOf(Buffer.from([0xc3]))).toBeUndefined();
  });
});

describe("a batch", () => {
  const parcel = (text: string, lost = false): Parcel => ({
    entry: entryOf(message(text)),
    delivery: { message: message(text), lost, accept() {}, reject() {}, release() {} },
  });

  it("has ten entries at most, in order, and leaves the others", () => {
    const waiting = Array.from({ length: 11 }, (_, index) => parcel(String(index)));
    const all = [...waiting];

    expect(takeBatch(waiting)).toEqual(all.slice(0, 10));
    expect(waiting).toEqual(all.slice(10));
  });

  it("has no more bytes than one entry may have", () => {
    const room = MAX_ENTRY_BYTES - bytesOf(parcel('""').entry);
    const halves = ["a", "b"].map((letter) => parcel(`"${letter.repeat((MAX_ENTRY_BYTES - 200) / 2)}"`));
    const whole = parcel(`"${"x".repeat(room)}"`);
    const waiting = [...halves, whole, parcel("1")];

    expect(takeBatch(waiting)).toEqual(halves);
    expect(takeBatch(waiting)).toEqual([whole]);
    expect(waiting).toHaveLength(1);
  });

  it("has none whose connection is gone, and forgets them", () => {
    const waiting = [parcel("1", true), parcel("2"), parcel("3", true)];

    expect(takeBatch(waiting).map(({ entry }) => JSON.parse(entry.Detail).body)).toEqual([2]);
    expect(waiting).toEqual([]);
    expect(takeBatch([parcel("1", true)])).toEqual([]);
  });
});
