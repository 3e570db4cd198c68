import { describe, expect, it } from "vitest";
import { matchingRules, nameOfRule } from "../../../lib/notify/index.ts";

const BUILD = { name: "etcd-operator-container", nvr: "etcd-operator-container-0.9.4-1" };
const rule = (conditions: object) => ({ organization: "acme", ...conditions });
const matches = (conditions: object, tags?: string[]) =>
  matchingRules([rule(conditions)], { ...BUILD, tags }).length === 1;

describe("a rule", () => {
  it.each([
    [{}],
    [{ package: "etcd-operator-container" }],
    [{ package: "*" }],
    [{ package: "etcd*container" }],
    [{ package: "*operator*" }],
    [{ nvr: "etcd-operator-container-0.9.*" }],
    [{ package: "etcd*", nvr: "*-1" }],
  ])("wants a build that was completed when all that it names fits: %j", (conditions) => {
    expect(matches(conditions)).toBe(true);
  });

  it.each([
    [{ package: "etcd" }],
    [{ package: "Etcd-operator-container" }],
    [{ package: "etcd?operator-container" }],
    [{ package: "*container*operator*" }],
    [{ package: "etcd-operator-container*container" }],
    [{ package: "etcd-operator-containe." }],
    [{ package: "etcd*", nvr: "*-2" }],
    [{ nvr: "etcd-operator-container" }],
  ])("does not want it when one does not: %j", (conditions) => {
    expect(matches(conditions)).toBe(false);
  });

  it("with a tag is for builds that are given it, one without for builds that are completed", () => {
    expect(matches({ tag: "operators-*" }, ["operators-candidate"])).toBe(true);
    expect(matches({ tag: "operators-*" }, ["other", "operators-candidate"])).toBe(true);
    expect(matches({ tag: "operators-*" }, ["other"])).toBe(false);
    expect(matches({ tag: "operators-*" }, [])).toBe(false);
    expect(matches({ tag: "*" })).toBe(false);
    expect(matches({}, ["operators-candidate"])).toBe(false);
  });

  it("with many stars is held against a long name in no time that grows with both", () => {
    expect(matches({ package: "*a".repeat(5000) })).toBe(false);
  });

  it("of several is found by itself: all that fit are given, in order", () => {
    const rules = [rule({ package: "etcd*" }), rule({ package: "other" }), rule({})];

    expect(matchingRules(rules, BUILD)).toEqual([rules[0], rules[2]]);
  });
});

describe("the name of a rule", () => {
  it("depends on what the rule says, and not on its place", () => {
    const one = nameOfRule(rule({ package: "a", version: "1.0.0" }));

    expect(one).toMatch(/^[0-9a-f]{12}$/);
    expect(nameOfRule({ version: "1.0.0", organization: "acme", package: "a" })).toBe(one);
  });

  it("tells rules apart", () => {
    const rules = [{}, { package: "a" }, { nvr: "a" }, { tag: "a" }, { version: "1.0.0" }].map(rule);
    const names = [...rules, { organization: "a" }].map(nameOfRule);

    expect(new Set(names).size).toBe(names.length);
  });
});
