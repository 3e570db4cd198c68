import { describe, expect, it } from "vitest";
import { MAX_FILE, readClasses } from "../../../bin/migrate-config/python-classes.ts";
import { MAX_DEPTH } from "../../../bin/migrate-config/python-literal.ts";
import { migrate } from "../../../bin/migrate-config/settings.ts";

function migrated(...body: readonly string[]) {
  const { classes, notes } = readClasses(["class C:", ...body.map((line) => `    ${line}`), ""].join("\n"));
  const migration = migrate(classes.get("C") ?? new Map());
  return { ...migration, problems: [...notes, ...migration.problems] };
}

function read(expression: string) {
  return migrated(`QUAY_URL = ${expression}`).config["quay_url"];
}

describe("literals of Python", () => {
  it.each([
    [`'a' "b" r'\\n'`, "ab\\n"],
    [`"""a\\x41\\u0042\\103"""`, "aABC"],
    [`'\\d'`, "\\d"],
    ["20 * 1024 * 1024", 20_971_520],
    ["-2 ** 2", -4],
    ["2 ** 3 ** 2", 512],
    ["1_000 + 0x1F", 1031],
    ["(1, [True, {'a': 2,},],)", [1, [true, { a: 2 }]]],
  ])("reads %s", (expression, value) => {
    expect(read(expression)).toEqual(value);
  });

  it.each(["os.getenv('QUAY')", "f'{x}'", "b'a'", "unknown", "2 ** 99999", `9${"0".repeat(400)}`, "1 / 0"])(
    "leaves out %s, and tells the line",
    (expression) => {
      const { config, problems } = migrated(`QUAY_URL = ${expression}`);
      expect(config).toEqual({});
      expect(problems).toEqual([expect.stringMatching(/^line 2: QUAY_URL: .*\(line 2\) is not read/)]);
    },
  );

  it(`reads ${MAX_DEPTH} lists inside each other, not one more`, () => {
    const lists = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    const told = (depth: number) => migrated(`QUAY_URL = ${lists(depth)}`).problems.join();
    expect(told(MAX_DEPTH + 1)).not.toMatch(/inside each other/);
    expect(told(MAX_DEPTH + 2)).toMatch(/inside each other/);
    // The parser gives up before, with an error of its own.
    expect(() => told(20_000)).toThrow(/^line 2: this is not Python$/);
  });

  it("refuses a string that is not closed, and does not tell what it has", () => {
    expect(() => migrated("A = 's3cret")).toThrow(/^line 2: a string is not closed$/);
  });

  it("refuses a file that is too large", () => {
    expect(() => readClasses("#".repeat(MAX_FILE))).not.toThrow();
    expect(() => readClasses("#".repeat(MAX_FILE + 1))).toThrow(/characters/);
  });

  it("stops where names stand for too many values", () => {
    const doubled = Array.from({ length: 40 }, (_, index) => `x${index + 1} = [x${index}, x${index}]`);
    const { problems } = migrated("x0 = [1]", ...doubled, "QUAY_URL = x40");
    expect(problems.join()).toMatch(/too many values/);
  });

  it("takes the last of two keys, and tells", () => {
    const { config, problems } = migrated("QUAY_URL = {'a': 1, 'a': 2}");
    expect(config["quay_url"]).toEqual({ a: 2 });
    expect(problems[0]).toBe("line 2: a dict has a key twice; the last one counts");
  });
});

describe("settings of 11.2", () => {
  it("inherit from the classes of the file, and may use names assigned before", () => {
    const source =
      "MIB = 2 ** 20\nclass A(object):\n    LOG_LEVEL = 'INFO'\n    MAX_CONTENT_LENGTH = 2 * MIB\n";
    const { classes } = readClasses(`${source}class B(A):\n    LOG_LEVEL = 'DEBUG'\n`);
    expect(migrate(classes.get("B") ?? new Map())).toMatchObject({
      config: { log_level: "DEBUG", max_content_length: 2_097_152 },
      problems: [],
    });
  });

  it("have their tokens apart, whatever else an organization has", () => {
    const { config, tokens, problems } = migrated(
      "ORGANIZATIONS = {'acme': {'public': True, 'oauth_token': 's3cret', 'oauth_tokn': 's3cret'},",
      "  'b': {'oauth_token': os.getenv('T')}, '../c': {'oauth_token': 's3cret'}}",
    );
    expect(config).toEqual({ organizations: { acme: { public: true }, b: {} } });
    expect([...tokens]).toEqual([
      ["acme", "s3cret"],
      ["b", undefined],
    ]);
    expect(problems).toHaveLength(3);
    expect(JSON.stringify([config, problems])).not.toContain("s3cret");
  });

  it("are told where they are gone, unknown, or refused by this version", () => {
    const { config, gone, problems } = migrated(
      "SECRET_KEY = 's3cret'",
      "COLOUR = 1",
      "ORGANIZATIONS = {'a': {'replace_registry': [{'old': '(?=x)', 'new': '', 'regexp': True}]}}",
    );
    expect(gone).toEqual(["SECRET_KEY: there are no sessions"]);
    expect(problems[0]).toBe("line 3: COLOUR: is not a setting of 11.2, left out");
    expect(problems[1]).toMatch(/^organizations\.a\.replace_registry\.0\.old: /);
    expect(JSON.stringify(config)).not.toContain("s3cret");
  });
});
