import { type KojiWorld, parseNvr, type StoredBuild } from "./world.ts";
import { type KojiCall, type KojiValue, responseXml } from "./xml.ts";

/** Ends a call with a fault. */
export class Fault extends Error {
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

/** The code of Koji's GenericError. */
const GENERIC = 1000;

/** The code of Koji's ParameterError. */
const PARAMETERS = 1019;

type Keywords = Readonly<Record<string, unknown>>;
type Method = (world: KojiWorld, args: readonly unknown[], keywords: Keywords) => string;

const METHODS: Readonly<Record<string, Method>> = {
  getAPIVersion: () => responseXml(1),
  getBuild: (world, args, keywords) => {
    const [build] = bind("get_build", ["buildInfo"], ["strict"], args, keywords);
    const found = findBuild(world, build);
    return found ? found.answer : responseXml(null);
  },
  getBuildLogs: (world, args, keywords) => {
    const [build] = bind("getBuildLogs", ["build"], [], args, keywords);
    const found = findBuild(world, build);
    if (!found) throw new Fault(GENERIC, `No such build: ${pythonText(build)}`);
    return responseXml(found.logs);
  },
  listTags: (world, args, keywords) => {
    const [build] = bind("listTags", [], ["build", "package", "perms"], args, keywords);
    const found = findBuild(world, build);
    if (!found) throw new Fault(GENERIC, `No such build: ${pythonText(build)}`);
    return responseXml(found.tags.map((name, index) => ({ id: index + 1, name, locked: false })));
  },
  listArchives: (world, args, keywords) => {
    const parameters = ["buildID", "buildrootID", "componentBuildrootID", "hostID", "type", "filename"];
    const [id, , , , type] = bind("list_archives", [], parameters, args, keywords);
    const isKnown = type !== "operator-manifests" || world.knowsOperatorManifests;
    if (!isKnown) throw new Fault(GENERIC, `unsupported archive type: ${pythonText(type)}`);
    return responseXml(world.builds.find((build) => build.id === id)?.archives ?? []);
  },
};

/** The answer to a call as XML. Throws Fault. */
export function answerCall(world: KojiWorld, { method, params }: KojiCall): string {
  if (method === "multiCall") return multiCall(world, params);
  const handler = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
  if (!handler) throw new Fault(GENERIC, `Invalid method: ${method}`);
  const last = params.at(-1);
  return isKeywords(last) ? handler(world, params.slice(0, -1), last) : handler(world, params, {});
}

/** Koji takes a last struct with this member for python's keyword arguments. */
function isKeywords(value: unknown): value is Keywords {
  return typeof value === "object" && value !== null && "__starstar" in value;
}

/** Gives each parameter its argument, as python does. */
function bind(
  name: string,
  required: readonly string[],
  optional: readonly string[],
  args: readonly unknown[],
  keywords: Keywords,
): unknown[] {
  const parameters = [...required, ...optional];
  if (args.length > parameters.length) {
    const takes = `${name}() takes ${parameters.length} positional arguments but ${args.length} were given`;
    throw new Fault(PARAMETERS, takes);
  }
  return parameters.map((parameter, index) => {
    const value = args[index] ?? keywords[parameter];
    if (value === undefined && index < required.length) {
      throw new Fault(PARAMETERS, `${name}() missing 1 required positional argument: '${parameter}'`);
    }
    return value;
  });
}

function findBuild(world: KojiWorld, build: unknown): StoredBuild | undefined {
  if (typeof build === "number") return world.builds.find(({ id }) => id === build);
  if (typeof build !== "string") {
    const where = `WHERE (build.id = ${pythonText(build)})`;
    throw new Fault(
      1,
      `<class 'psycopg2.errors.UndefinedFunction'>: operator does not exist\nLINE 9: ${where}`,
    );
  }
  const parsed = parseNvr(build);
  if (!parsed) throw new Fault(GENERIC, `invalid format: ${build}`);
  const wanted = `${parsed.name}-${parsed.version}-${parsed.release}`;
  return world.builds.find(({ nvr }) => nvr === wanted);
}

function pythonText(value: unknown): string {
  return value === true ? "true" : String(value);
}

/** Each entry of a multiCall is a list of its one value, or a fault that always has its traceback. */
function multiCall(world: KojiWorld, [calls]: readonly unknown[]): string {
  if (!Array.isArray(calls)) throw new Fault(PARAMETERS, "multiCall() takes a list of calls");
  const parts = calls.map((call: unknown) => part(world, call));
  return responseXml("").replace(
    /<value>.*<\/value>\n/,
    () => `<value><array><data>\n${parts.join("")}</data></array></value>\n`,
  );
}

function part(world: KojiWorld, call: unknown): string {
  try {
    return inner(
      answerCall(world, callOf(call)),
      (value) => `<value><array><data>\n${value}</data></array></value>\n`,
    );
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const traceback: KojiValue = [
      "Traceback (most recent call last):\n",
      `koji.GenericError: ${error.message}\n`,
    ];
    return inner(
      responseXml({ faultCode: error.code, faultString: error.message, traceback }),
      (value) => value,
    );
  }
}

function inner(xml: string, wrap: (value: string) => string): string {
  const [, value = ""] = /<param>\n(.*)<\/param>\n<\/params>/s.exec(xml) ?? [];
  return wrap(value);
}

function callOf(call: unknown): KojiCall {
  const { methodName, params } = isStruct(call) ? call : {};
  if (typeof methodName !== "string" || !Array.isArray(params)) throw new Fault(GENERIC, "Invalid call");
  return { method: methodName, params };
}

function isStruct(value: unknown): value is Readonly<Record<"methodName" | "params", unknown>> {
  return typeof value === "object" && value !== null && "methodName" in value && "params" in value;
}
