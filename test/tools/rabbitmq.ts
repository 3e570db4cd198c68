import { globSync } from "node:fs";
import { join } from "node:path";
import { debianPackages } from "./debian.ts";

/** RabbitMQ, and what of Erlang it needs. */
const PACKAGES = [
  "rabbitmq-server",
  ...["asn1", "base", "crypto", "eldap", "inets", "mnesia", "os-mon", "parsetools", "public-key"].map(erlang),
  ...["runtime-tools", "ssl", "syntax-tools", "tools", "xmerl"].map(erlang),
];

/** Where the parts of RabbitMQ are. */
export interface RabbitMqFiles {
  /** The script that starts a broker; it looks for `erl` in the PATH. */
  readonly server: string;
  /** Erlang's own folder. */
  readonly erlang: string;
  /** The folder of Erlang's programs. */
  readonly programs: string;
}

/**
 * Gives RabbitMQ as this Debian has it; its first call downloads it.
 *
 * @throws Error with what apt said
 */
export async function rabbitMqFiles(): Promise<RabbitMqFiles> {
  const place = await debianPackages("rabbitmq-server", PACKAGES);
  const erlang = join(place, "usr/lib/erlang");
  return {
    server: found(place, "usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server"),
    erlang,
    programs: found(erlang, "erts-*/bin"),
  };
}

function found(folder: string, pattern: string): string {
  const [path] = globSync(pattern, { cwd: folder });
  if (path === undefined) throw new Error(`There is no ${pattern} in ${folder}`);
  return join(folder, path);
}

function erlang(part: string): string {
  return `erlang-${part}`;
}
