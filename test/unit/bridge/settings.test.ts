import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { readSettings, SettingsError } from "../../../bridge/settings.ts";
import { CLIENT, PRIVATE_CA } from "../../support/tls.ts";

const KOJI = [
  "--url",
  "amqp://broker",
  "--protocol",
  "1.0",
  "--address",
  "topic://koji.>",
  "--bus",
  "builds",
];
const FEDORA = ["--url", "amqp://broker", "--protocol", "0-9-1", "--queue", "omps", "--bus", "builds"];

/** The lines that tell what is wrong. */
function problems(args: readonly string[], env: Record<string, string> = {}): string[] {
  try {
    readSettings(args, env);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("the settings of the bridge", () => {
  it("name addresses with AMQP 1.0", () => {
    const settings = readSettings([...KOJI, "--address", "queue://other"], {});

    expect(settings).toEqual({
      broker: {
        host: "broker",
        port: 5672,
        tls: false,
        username: undefined,
        password: undefined,
        vhost: "/",
        files: { ca: undefined, cert: undefined, key: undefined },
      },
      source: { protocol: "1.0", addresses: ["topic://koji.>", "queue://other"] },
      bus: "builds",
      prefetch: 100,
    });
  });

  it("name a queue with AMQP 0-9-1, and what of which exchange goes into it", () => {
    expect(readSettings(FEDORA, {})).toMatchObject({ source: { protocol: "0-9-1", queue: "omps" } });
    expect(readSettings([...FEDORA, "--routing-key", "a.#", "--routing-key", "b"], {})).toMatchObject({
      source: { queue: "omps", binding: { exchange: "amq.topic", keys: ["a.#", "b"] } },
    });
    expect(readSettings([...FEDORA, "--routing-key", "a", "--exchange", "builds"], {})).toMatchObject({
      source: { binding: { exchange: "builds", keys: ["a"] } },
    });
  });

  it("can come from the environment, where an option counts more", () => {
    const env = {
      BRIDGE_URL: "amqps://[::1]:1234/%2Fpubsub",
      BRIDGE_PROTOCOL: "0-9-1",
      BRIDGE_QUEUE: "omps",
      BRIDGE_ROUTING_KEY: "a.#, b",
      BRIDGE_BUS: "builds",
      BRIDGE_PREFETCH: "7",
      BRIDGE_CA: PRIVATE_CA,
      BRIDGE_CERT: CLIENT.cert,
      BRIDGE_KEY: CLIENT.key,
    };

    expect(readSettings(["--bus", "others"], env)).toMatchObject({
      broker: { host: "::1", port: 1234, tls: true, vhost: "/pubsub", files: { ca: PRIVATE_CA, ...CLIENT } },
      source: { queue: "omps", binding: { keys: ["a.#", "b"] } },
      bus: "others",
      prefetch: 7,
    });
  });

  it("take user and password out of the URL, and show the password to nobody", () => {
    const settings = readSettings(KOJI, {});
    const [, , ...rest] = KOJI;
    const secret = readSettings(rest, { BRIDGE_URL: "amqps://jdoe:p%40ss-word@broker" });

    expect(settings).toMatchObject({ broker: { password: undefined } });
    expect(secret).toMatchObject({ broker: { host: "broker", port: 5671, username: "jdoe" } });
    expect(secret !== "help" && secret.broker.password?.reveal()).toBe("p@ss-word");
    expect(`${JSON.stringify(secret)} ${inspect(secret, { depth: 9 })}`).not.toContain("p@ss-word");
  });

  it("are not needed for help", () => {
    expect(readSettings(["--help"], {})).toBe("help");
    expect(readSettings(["-h"], {})).toBe("help");
  });

  it("are all told that are not in order", () => {
    expect(problems([])).toEqual([
      expect.stringMatching(/^--url: expected amqp:/),
      "--protocol: expected 1.0 or 0-9-1",
      "--bus: name the bus, or give its ARN",
    ]);
    expect(problems(["--url", "https://broker", "--protocol", "1.0", "--prefetch", "0"])).toEqual([
      expect.stringMatching(/^--url: expected amqp:/),
      "--address: name at least one with --protocol 1.0",
      "--prefetch: expected a whole number from 1 to 1000",
      "--bus: name the bus, or give its ARN",
    ]);
  });

  it.each([
    {
      args: [...KOJI, "--queue", "omps"],
      told: "--queue, --exchange, --routing-key: are of --protocol 0-9-1",
    },
    { args: [...FEDORA, "--address", "a"], told: "--address: is of --protocol 1.0" },
    { args: [...FEDORA, "--exchange", "x"], told: "--routing-key: name at least one with --exchange" },
    { args: FEDORA.filter((arg) => !/queue|omps/.test(arg)), told: "--queue: name it with --protocol 0-9-1" },
    { args: [...KOJI, "--ca", PRIVATE_CA], told: "--ca, --cert, --key: are of use with amqps:// only" },
    { args: [...KOJI, "--prefetch", "1001"], told: "--prefetch: expected a whole number from 1 to 1000" },
    { args: [...KOJI, "--colour", "red"], told: "Wrong usage: there are no --colour" },
    { args: [...KOJI, "more"], told: "Wrong usage: there are options only, each with its value" },
  ])("are told when $told", ({ args, told }) => {
    expect(problems(args)).toEqual([told]);
  });

  it("are told when files are not there, or a certificate has no key", () => {
    const tls = KOJI.with(1, "amqps://broker");

    expect(problems([...tls, "--ca", "/nowhere.pem"])).toEqual(["--ca: cannot read /nowhere.pem"]);
    expect(problems([...tls, "--cert", CLIENT.cert])).toEqual(["--cert, --key: give both or none"]);
  });

  it("are told without the password when they are not in order", () => {
    const url = "amqp://jdoe:correct-horse@broker/%zz";

    for (const args of [[url], ["--url", url], [`--url=${url}`, "--nothing"], ["--urls", url]])
      expect(problems(args).join("\n")).not.toContain("horse");
    expect(problems(KOJI.with(1, url))).toContain("--url: has a % that no two hexadecimal digits follow");
  });
});
