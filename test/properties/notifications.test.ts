import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_WRAPPINGS, readNotification } from "../../lib/koji/index.ts";
import { protonNotifications } from "../support/koji-notifications.ts";
import { PATIENCE, RUNS } from "./runs.ts";

describe("any notification", () => {
  const names = fc.constantFrom(
    "detail",
    "msg",
    "body",
    "Message",
    "info",
    "build",
    "tag",
    "name",
    "nvr",
    "topic",
  );
  const json = fc.dictionary(names, fc.jsonValue());

  it(
    "is read without an error, as a hint with a whole NVR or with a reason",
    () => {
      fc.assert(
        fc.property(fc.oneof(fc.anything(), json, fc.json()), (value) => {
          const reading = readNotification(value);
          if ("hint" in reading) expect(reading.hint.nvr).toMatch(/^[\w.+:-]+-[\w.+~^]+-[\w.+~^]+$/);
          else expect(["malformed", "too-large", "other-event"]).toContain(reading.reason);
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE,
  );

  it(
    "that is wrapped means the same as bare",
    () => {
      const wrappers = fc.array(fc.constantFrom("detail", "msg", "body", "Message", "text"), {
        maxLength: MAX_WRAPPINGS,
      });
      fc.assert(
        fc.property(
          wrappers,
          fc.constantFrom(...Object.values(protonNotifications())),
          (around, { body }) => {
            const wrapped = around.reduce<unknown>(
              (inner, name) => (name === "text" ? JSON.stringify(inner) : { [name]: inner }),
              body,
            );
            expect(readNotification(wrapped)).toEqual(readNotification(body));
          },
        ),
        { numRuns: RUNS },
      );
    },
    PATIENCE,
  );
});
