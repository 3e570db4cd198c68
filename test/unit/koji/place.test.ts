import { describe, expect, it } from "vitest";
import { fileUrl, isFileName, MAX_NAME_LENGTH, pathUrl } from "../../../lib/koji/place.ts";

const ROOT = "https://koji.example/root";

describe("the name of a file", () => {
  it.each([
    "x".repeat(MAX_NAME_LENGTH),
    "operator_manifests.zip",
    "operator manifests #1?%41+é.zip",
    "my manifests+v1.zip",
    "%2e%2e",
    "..zip",
    "...",
    "a:b@c!'()*~^;&=$,",
    "日本🚀",
  ])("may be %j, every character of which stays part of it", (name) => {
    const url = fileUrl(ROOT, ["files", name]);

    expect(isFileName(name)).toBe(true);
    expect([url?.origin, url?.search, url?.hash]).toEqual(["https://koji.example", "", ""]);
    expect(decodeURIComponent(url?.pathname ?? "")).toBe(`/root/files/${name}`);
  });

  it.each([
    "",
    ".",
    "..",
    "a/b.zip",
    "/etc/passwd",
    "../../../../../../etc/passwd",
    "..\\a.zip",
    "a\0.zip",
    "http://169.254.169.254/latest/meta-data/",
    "\ud800.zip",
    "x".repeat(MAX_NAME_LENGTH + 1),
  ])("cannot be %j", (name) => {
    expect(isFileName(name)).toBe(false);
    expect(fileUrl(ROOT, ["files", name])).toBeUndefined();
  });

  it.each([undefined, null, 12345, true, ["a.zip"], {}])("cannot be %j", (name) => {
    expect(isFileName(name)).toBe(false);
  });
});

describe("a path that the hub says", () => {
  it.each([
    ["packages/a/1/1/data/logs/./a.zip", "packages/a/1/1/data/logs/a.zip"],
    ["./a/././b.zip", "a/b.zip"],
    ["packages/a%2e%2e/%2e%2e/x.zip", "packages/a%252e%252e/%252e%252e/x.zip"],
    ["mailto:x/y", "mailto%3Ax/y"],
    ["a?b#c/d e.zip", "a%3Fb%23c/d%20e.zip"],
  ])("%j leads to %s below Koji's root", (path, sent) => {
    expect(pathUrl(ROOT, path)?.href).toBe(`${ROOT}/${sent}`);
  });

  it.each([
    "../../../etc/passwd",
    "packages/a/../../../etc/passwd",
    "packages/..",
    "/etc/passwd",
    "//evil.example/a.zip",
    "http://evil.example/a.zip",
    "packages\\..\\a.zip",
    "packages/a\0.zip",
    "packages//a.zip",
    "packages/",
    "",
    ".",
  ])("%j leads out of Koji's root, or nowhere", (path) => {
    expect(pathUrl(ROOT, path)).toBeUndefined();
  });
});

it("is the same with and without slashes at the end of the root's address", () => {
  expect(fileUrl(`${ROOT}//`, ["a"])).toEqual(fileUrl(ROOT, ["a"]));
});
