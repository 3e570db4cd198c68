import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseChallenges } from "../../../lib/quay/image/challenge.ts";

const parsed = (header: string) =>
  parseChallenges(header)?.map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe("a challenge", () => {
  it.each<[string, string, [string, object][]]>([
    [
      "Quay's",
      'Bearer realm="https://q/v2/auth",service="q"',
      [["bearer", { realm: "https://q/v2/auth", service: "q" }]],
    ],
    [
      "with odd case and blanks",
      ' BEARER  Realm = "r" , SERVICE=s ',
      [["bearer", { realm: "r", service: "s" }]],
    ],
    [
      "with commas and equals in quotes",
      'Bearer scope="repository:a/b:pull,push",x="a=b, c"',
      [["bearer", { scope: "repository:a/b:pull,push", x: "a=b, c" }]],
    ],
    ["with quotes in quotes", 'Basic realm="a \\"b\\" \\\\c"', [["basic", { realm: 'a "b" \\c' }]]],
    [
      "among others",
      'Negotiate abc==, Basic realm="x", Bearer realm="r"',
      [
        ["negotiate", {}],
        ["basic", { realm: "x" }],
        ["bearer", { realm: "r" }],
      ],
    ],
    ["that says nothing more", "Negotiate", [["negotiate", {}]]],
    ["among nothing", ' , ,Basic realm="x",, ', [["basic", { realm: "x" }]]],
    ["with an empty value", 'Bearer realm=""', [["bearer", { realm: "" }]]],
    ["that is none", "", []],
  ])("is read: one %s", (_, header, expected) => {
    expect(parsed(header)).toEqual(expected);
  });

  it.each([
    ["a quote that does not end", 'Bearer realm="https://q'],
    ["a quote that ends in its escape", 'Bearer realm="https://q\\"'],
    ["no comma between parameters", 'Bearer realm="r" service="s"'],
    ["a parameter without a scheme", 'realm="r"'],
    ["a parameter that is there twice", 'Bearer realm="a",Realm="b"'],
    ["text after a quote", 'Bearer realm="a"b'],
    ["characters that no name has", "Bearer (realm)"],
  ])("is refused with %s", (_, header) => {
    expect(parseChallenges(header)).toBeUndefined();
  });

  it("is read as it was written, whatever its values are", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,10}$/);
    const text = fc.stringMatching(/^[\t -~]{0,20}$/);
    const written = fc.array(
      fc.tuple(name, fc.dictionary(name, text, { minKeys: 1, noNullPrototype: true })),
      { maxLength: 4 },
    );
    const quoted = (value: string) => `"${value.replace(/["\\]/g, "\\$&")}"`;

    fc.assert(
      fc.property(written, (challenges) => {
        const texts = challenges.map(([scheme, parameters]) => {
          const pairs = Object.entries(parameters).map(([key, value]) => `${key}=${quoted(value)}`);
          return `${scheme} ${pairs.join(", ")}`;
        });
        expect(parsed(texts.join(", "))).toEqual(challenges);
      }),
    );
  });

  it("is never read for longer than it is long, nor fails", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ \t,="\\a-zB/;]{0,200}$/), (header) => {
        parseChallenges(header);
      }),
    );
    expect(parseChallenges(`Bearer realm="${"\\".repeat(16_000)}`)).toBeUndefined();
    expect(parseChallenges(`Bearer ${" ,".repeat(8000)}"`)).toBeUndefined();
  });
});
