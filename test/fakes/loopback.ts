import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createNetServer, type Server as NetServer, type Socket } from "node:net";

/** A server behind a port of the loopback. */
export interface Listening {
  readonly url: string;
  readonly port: number;
  readonly openSockets: () => number;
  /** Drops all connections, hanging ones too. */
  readonly close: () => Promise<void>;
}

/** Port 0 is a free one. */
export async function listenOnLoopback(server: NetServer, port = 0): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("The fake has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    openSockets: () => [...sockets].filter((socket) => !socket.destroyed).length,
    async close() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A port that nothing listened on a moment ago, for what cannot choose one itself. */
export async function freePort(): Promise<number> {
  const { port, close } = await listenOnLoopback(createNetServer());
  await close();
  return port;
}

/** An HTTP server of a fake. What goes wrong in the fake itself is answered with 599, so that it shows. */
export function fakeServer(
  name: string,
  exchange: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Server {
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      await exchange(request, response);
    } catch (error) {
      // A client that left amid its body is no concern.
      if (request.destroyed || response.destroyed) return;
      response.writeHead(599, { "content-type": "text/plain" });
      response.end(
        `The fake ${name} itself failed: ${error instanceof Error ? error.stack : String(error)}\n`,
      );
    }
  };
  return createServer((request, response) => void serve(request, response));
}
