/** The codec of the package xmlrpc 1.3.2, which has no types of its own. */

declare module "xmlrpc/lib/serializer.js" {
  const serializer: {
    /** Throws where a string has a character that XML does not allow. */
    serializeMethodCall(method: string, params: readonly unknown[]): string;
  };
  export = serializer;
}

declare module "xmlrpc/lib/deserializer.js" {
  class Deserializer {
    /** May call back more than once; the first call counts. */
    deserializeMethodResponse(
      source: Deserializer.Source,
      done: (failure: unknown, value?: unknown) => void,
    ): void;
    deserializeMethodCall(
      source: Deserializer.Source,
      done: (failure: unknown, method?: string, params?: unknown[]) => void,
    ): void;
  }

  namespace Deserializer {
    interface Parser {
      on(event: "opentag" | "closetag", listener: () => void): unknown;
      write(text: string): unknown;
      end(): unknown;
    }

    interface Source {
      setEncoding(encoding: string): void;
      on(event: string, listener: (error: Error) => void): void;
      pipe(parser: Parser): void;
    }
  }

  export = Deserializer;
}
