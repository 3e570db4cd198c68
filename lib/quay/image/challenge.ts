/** What a server asks for with its 401 (RFC 9110, section 11.6.1). Scheme and names of parameters are in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const END = "[ \\t]*(?:,[ \\t,]*|$)";
const LEADING_COMMAS = /[ \t,]*/y;
const PARAMETER = new RegExp(`(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))${END}`, "y");
/** As of Negotiate: one text in place of parameters. */
const SCHEME_WITH_TEXT = new RegExp(`(${TOKEN}) +[A-Za-z0-9\\-._~+/]+=*${END}`, "y");
const SCHEME = new RegExp(`(${TOKEN})(?: +(?=[^ ,])|${END})`, "y");

/**
 * The challenges of a WWW-Authenticate header, which may hold several; undefined where it is malformed, also where a
 * parameter is there twice: what two readers read differently must not decide where credentials go.
 */
export function parseChallenges(header: string): readonly Challenge[] | undefined {
  const challenges: { readonly scheme: string; readonly parameters: Map<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match) at = pattern.lastIndex;
    return match;
  };
  take(LEADING_COMMAS);
  while (at < header.length) {
    const parameter = take(PARAMETER);
    if (parameter) {
      const [, name = "", quoted, plain = ""] = parameter;
      const parameters = challenges.at(-1)?.parameters;
      if (!parameters || parameters.has(name.toLowerCase())) return undefined;
      parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? plain);
      continue;
    }
    const scheme = (take(SCHEME_WITH_TEXT) ?? take(SCHEME))?.[1];
    if (scheme === undefined) return undefined;
    challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
  }
  return challenges;
}
