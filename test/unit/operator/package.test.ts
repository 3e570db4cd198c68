import { describe, expect, it } from "vitest";
import {
  errorsOf,
  flatPackage,
  type Json,
  judge,
  nestedPackage,
  packageFile,
  refusalOf,
} from "./package-builder.ts";

const channels = (...items: Json[]) => ({ "package.yaml": packageFile({ channels: items }) });
const mismatch = (name: string, repository: string) =>
  `The packageName (${name}) in bundle does not match repository name (${repository}) provided as command line argument.`;

describe("a package file", () => {
  it("needs channels", () => {
    expect(errorsOf({ "package.yaml": packageFile({ channels: undefined }) })).toEqual([
      "package channels not defined.",
    ]);
    expect(errorsOf(channels())).toEqual(["no package channels defined."]);
  });

  it("needs name and currentCSV in each channel", () => {
    expect(errorsOf(channels({ currentCSV: "foo.v1" }))).toEqual(["package channel.name not defined."]);
    expect(errorsOf(channels({ name: "alpha" }))).toEqual(["package channel.currentCSV not defined."]);
  });

  it("may name no ClusterServiceVersion that a flat package has not", () => {
    expect(errorsOf(channels({ name: "alpha", currentCSV: "foo.v2" }))).toEqual([
      "channel.currentCSV foo.v2 is not included in list of csvs",
    ]);
    expect(errorsOf(channels({ name: "alpha", currentCSV: null }))).toEqual([
      "channel.currentCSV None is not included in list of csvs",
    ]);
  });

  it("may name any where each version has a directory", () => {
    expect(judge(nestedPackage(channels({ name: "alpha", currentCSV: "foo.v9" }))).valid).toBe(true);
  });

  it("must have the name of the repository", () => {
    expect(judge(flatPackage(), "bar").errors).toEqual([mismatch("foo", "bar")]);
    expect(judge(flatPackage({ "package.yaml": packageFile({ packageName: 42 }) }), "42").errors).toEqual([
      mismatch("42", "42"),
    ]);
  });

  it("is not held against the repository when its channels are broken", () => {
    const named = judge(flatPackage(channels({ currentCSV: "foo.v1" })), "bar");
    const incomplete = judge(flatPackage(channels({ name: "alpha" })), "bar");

    expect(named.errors).toEqual(["package channel.name not defined."]);
    expect(incomplete.errors).toEqual(["package channel.currentCSV not defined.", mismatch("foo", "bar")]);
  });

  it("is judged once for each version directory", () => {
    expect(judge(nestedPackage(), "bar").errors).toEqual([mismatch("foo", "bar"), mismatch("foo", "bar")]);
  });

  it("is refused with file and field when channels are no list of mappings", () => {
    expect(refusalOf({ "package.yaml": packageFile({ channels: null }) })).toBe(
      "package.yaml: channels must be a list, but it is null.",
    );
    expect(refusalOf(channels(true))).toBe(
      "package.yaml: channels[0] must be a mapping, but it is the boolean true.",
    );
  });
});
