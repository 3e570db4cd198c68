import { describe, expect, it } from "vitest";
import { InvalidVersionFormatError } from "../../../lib/errors/index.ts";
import { checkVersion, MAX_VERSION_LENGTH, nextVersion } from "../../../lib/publish/version.ts";

describe("a given version", () => {
  it.each(["0.0.0", "1.0.0", "10.20.30", `1.0.${"9".repeat(60)}`])("may be %s", (version) => {
    expect(checkVersion(version)).toBe(version);
  });

  it.each([
    "1",
    "1.0",
    "1.0.0.0",
    "01.0.0",
    "1.00.0",
    "1.0.01",
    "v1.0.0",
    "-1.0.0",
    "1.0.0-rc1",
    "1.0.0+b",
    "1.0.0\n",
    "\n1.0.0",
    " 1.0.0",
    "١.0.0",
    "１.0.0",
    "1..0",
    "1,0,0",
    "latest",
    "",
    "1.0.0\0",
  ])("must not be %j", (version) => {
    expect(() => checkVersion(version)).toThrow(InvalidVersionFormatError);
  });

  it("may be as long as Quay takes it, and no longer", () => {
    const longest = `1.0.${"9".repeat(251)}`;

    expect(longest).toHaveLength(MAX_VERSION_LENGTH);
    expect(checkVersion(longest)).toBe(longest);
    expect(() => checkVersion(`${longest}9`)).toThrow(InvalidVersionFormatError);
    expect(() => checkVersion(`${longest}9`)).toThrow("256 characters");
  });
});

describe("the next version", () => {
  it.each<[string, string[], string]>([
    ["raises the first number, and sets the others to zero", ["2.5.1"], "3.0.0"],
    ["follows the highest number, not the last in the alphabet", ["9.0.0", "10.0.0", "2.0.0"], "11.0.0"],
    [
      "does not look at releases of another form",
      ["99.0.0-rc1", "v7.0.0", "3.0", "2.0.0", "04.0.0", "latest", "8.0.0+b", "5.0.0\n"],
      "3.0.0",
    ],
    ["is the first one where there is none", [], "1.0.0"],
    ["is the first one where none has the form", ["v7.0.0"], "1.0.0"],
    ["counts on from zero", ["0.0.1"], "1.0.0"],
    ["counts beyond what a double holds", ["9007199254740993.0.0"], "9007199254740994.0.0"],
    ["counts beyond 64 bits", ["99999999999999999999.0.0"], "100000000000000000000.0.0"],
  ])("%s", (_, releases, next) => {
    expect(nextVersion(releases, "1.0.0")).toBe(next);
  });

  it("may be as long as Quay takes it, and no longer", () => {
    const next = `1${"0".repeat(250)}.0.0`;

    expect(next).toHaveLength(MAX_VERSION_LENGTH);
    expect(nextVersion([`${"9".repeat(250)}.0.0`], "1.0.0")).toBe(next);
    expect(() => nextVersion([`${"9".repeat(251)}.0.0`], "1.0.0")).toThrow(InvalidVersionFormatError);
  });
});
