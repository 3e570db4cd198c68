import Deserializer from "xmlrpc/lib/deserializer.js";

/** What Koji's XML-RPC can say. A whole number beyond 32 bits travels as i8. */
export type KojiValue =
  | null
  | boolean
  | number
  | string
  | readonly KojiValue[]
  | { readonly [name: string]: KojiValue };

export interface KojiCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

const HEAD = "<?xml version='1.0'?>\n<methodResponse>\n";
const TAIL = "</methodResponse>\n";
const INT_MAX = 2 ** 31 - 1;

/** As python's xmlrpc writes a response: one tag a line, but for nil. */
export function responseXml(value: KojiValue): string {
  return `${HEAD}<params>\n<param>\n${valueXml(value)}</param>\n</params>\n${TAIL}`;
}

export function faultXml(code: number, text: string): string {
  return `${HEAD}<fault>\n${valueXml({ faultCode: code, faultString: text })}</fault>\n${TAIL}`;
}

function valueXml(value: KojiValue): string {
  if (value === null) return "<value><nil/></value>";
  if (typeof value === "boolean") return scalarXml("boolean", value ? "1" : "0");
  if (typeof value === "string") return scalarXml("string", escapeXml(value));
  if (typeof value === "number") return numberXml(value);
  if (isList(value)) {
    return `<value><array><data>\n${value.map(valueXml).join("")}</data></array></value>\n`;
  }
  const members = Object.entries(value).map(
    ([name, each]) => `<member>\n<name>${escapeXml(name)}</name>\n${valueXml(each)}</member>\n`,
  );
  return `<value><struct>\n${members.join("")}</struct></value>\n`;
}

function isList(value: object): value is readonly KojiValue[] {
  return Array.isArray(value);
}

function numberXml(value: number): string {
  if (!Number.isInteger(value)) return scalarXml("double", String(value));
  return scalarXml(value > INT_MAX || value < -INT_MAX - 1 ? "i8" : "int", String(value));
}

function scalarXml(type: string, text: string): string {
  return `<value><${type}>${text}</${type}></value>\n`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

type Decode = (
  deserializer: Deserializer,
  source: Parameters<Deserializer["deserializeMethodCall"]>[0],
) => void;

function decode(xml: string, read: Decode): void {
  read(new Deserializer(), {
    setEncoding() {},
    on() {},
    pipe(parser) {
      parser.write(xml);
      parser.end();
    },
  });
}

/** A call as the hub reads it; undefined where it refuses the XML. */
export function readCall(xml: string): KojiCall | undefined {
  if (/<!doctype/i.test(xml)) return undefined;
  const calls: (KojiCall | undefined)[] = [];
  decode(xml, (deserializer, source) => {
    deserializer.deserializeMethodCall(source, (failure, method, params = []) => {
      calls.push(failure || method === undefined ? undefined : { method, params });
    });
  });
  return calls[0];
}

/** The value of a recorded response. Throws when it has none. */
export function readResponse(xml: string): unknown {
  const values: unknown[] = [];
  decode(xml, (deserializer, source) => {
    deserializer.deserializeMethodResponse(source, (failure, value) => {
      if (failure) throw failure;
      values.push(value);
    });
  });
  return values[0];
}
