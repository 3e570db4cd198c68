import { expect } from "vitest";
import { type ExampleLayout, exampleFiles } from "../../infra/local/example.ts";
import { zipOf } from "./zip.ts";

/** Relative path with "/" to content. */
export type Files = Record<string, string | Uint8Array>;

/** The files of the example in one of its layouts. */
export function example(layout: ExampleLayout): Files {
  return Object.fromEntries(exampleFiles(layout));
}

/** Files with another text in the first one whose path has this name. */
export function changed(files: Files, name: string, from: string | RegExp, to: string): Files {
  const path = Object.keys(files).find((each) => each.includes(name)) ?? expect.fail(`no file ${name}`);
  return {
    ...files,
    [path]: Buffer.from(files[path] ?? "")
      .toString()
      .replace(from, to),
  };
}

/** The example as a package of two versions, and as a bundle of one. */
export const PACKAGE = zipOf(example("nested"));
export const BUNDLE = zipOf(example("bundle"));
