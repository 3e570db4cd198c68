import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../fakes/loopback.ts";
import { type Leashed, startOnLeash } from "../support/leash.ts";
import { PRIVATE_CA, SERVER } from "../support/tls.ts";
import { type RabbitMqFiles, rabbitMqFiles } from "../tools/rabbitmq.ts";

/** How often it is looked whether the broker has started, which takes 3 s and more. */
const TRIES = 1200;

/** Milliseconds between those. */
const PAUSE_MS = 50;

/** The user of the bridge: also the name in the certificate of its fixture. */
const USER = "bridge";

/** Appears in no log. */
export const PASSWORD = "correct-horse";

/** RabbitMQ in processes of its own, on the loopback. */
export interface RabbitMq {
  /** Without TLS, with a password. */
  readonly url: string;
  /** With TLS, for those who have a certificate of the private CA. */
  readonly tlsUrl: string;
  /** Shuts the broker down. Its queues and persistent messages stay. */
  shutDown(): Promise<void>;
  /** Starts it again on the same ports. */
  start(): Promise<void>;
  /** Ends it; nothing is kept. */
  stop(): Promise<void>;
}

interface Ports {
  readonly amqp: number;
  readonly amqps: number;
  /** Erlang's own: the daemon that knows the nodes, and the node. */
  readonly epmd: number;
  readonly node: number;
}

/**
 * Starts a broker on free ports, empty, which speaks AMQP 0-9-1 and 1.0.
 *
 * @throws Error with its log, where it does not start
 */
export async function startRabbitMq(): Promise<RabbitMq> {
  const files = await rabbitMqFiles();
  const [amqp, amqps, epmd, node] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const ports = { amqp, amqps, epmd, node };
  const folder = mkdtempSync(join(tmpdir(), "omps-rabbitmq-"));
  write(folder, files, ports);
  let broker: Leashed | undefined;
  const shutDown = async () => {
    // Killed, it could forget a queue that was made a moment ago.
    process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), "SIGTERM");
    await broker?.ended;
  };
  const stop = async () => {
    await broker?.end();
    rmSync(folder, { recursive: true, force: true });
  };
  const start = async () => {
    broker = startOnLeash([join(folder, "broker")], { cwd: folder, env: environment(folder, ports) });
    await ready(amqp, broker);
  };
  try {
    await start();
  } catch (cause) {
    await stop();
    throw new Error(`RabbitMQ does not start:\n${broker?.output()}`, { cause });
  }
  const url = `amqp://${USER}:${PASSWORD}@127.0.0.1:${amqp}`;
  return { url, tlsUrl: `amqps://127.0.0.1:${amqps}`, shutDown, start, stop };
}

function write(folder: string, files: RabbitMqFiles, ports: Ports): void {
  const scripts = {
    // Debian's own says that Erlang is in /usr/lib.
    erl: `export ROOTDIR='${files.erlang}' BINDIR='${files.programs}' EMU=beam PROGNAME=erl\nexec "$BINDIR/erlexec" "$@"`,
    // Erlang would start epmd as a daemon that stays.
    broker: `echo $$ >pid\n'${files.programs}/epmd' & exec '${files.server}'`,
  };
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  writeFileSync(join(folder, "plugins"), "[rabbitmq_amqp1_0, rabbitmq_auth_mechanism_ssl].\n");
  writeFileSync(join(folder, "rabbitmq.conf"), configuration(ports));
}

function configuration({ amqp, amqps }: Ports): string {
  return [
    `listeners.tcp.default = 127.0.0.1:${amqp}`,
    `listeners.ssl.default = 127.0.0.1:${amqps}`,
    `ssl_options.cacertfile = ${PRIVATE_CA}`,
    `ssl_options.certfile = ${SERVER.cert}`,
    `ssl_options.keyfile = ${SERVER.key}`,
    "ssl_options.verify = verify_peer",
    "ssl_options.fail_if_no_peer_cert = true",
    "ssl_cert_login_from = common_name",
    "auth_mechanisms.1 = PLAIN",
    "auth_mechanisms.2 = EXTERNAL",
    `default_user = ${USER}`,
    `default_pass = ${PASSWORD}`,
    "log.console = true",
    "log.file = false",
    "",
  ].join("\n");
}

function environment(folder: string, { epmd, node }: Ports): Record<string, string> {
  return {
    PATH: `${folder}:${process.env["PATH"]}`,
    HOME: folder,
    LANG: "C.UTF-8",
    ERL_EPMD_PORT: String(epmd),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    RABBITMQ_NODENAME: "omps@localhost",
    RABBITMQ_DIST_PORT: String(node),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_CONF_ENV_FILE: "/dev/null",
    RABBITMQ_MNESIA_BASE: join(folder, "state"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
  };
}

async function ready(port: number, broker: Leashed): Promise<void> {
  for (let left = TRIES; left > 0; left--) {
    if (await answers(port)) return;
    if (broker.hasEnded()) throw new Error("It has ended.");
    await sleep(PAUSE_MS);
  }
  throw new Error(`It did not listen in ${TRIES} tries.`);
}

/** It listens some time before it speaks. */
function answers(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: "127.0.0.1", port }, () => socket.write("AMQP\0\0\x09\x01"));
  socket.once("error", () => resolve(false));
  socket.once("close", () => resolve(false));
  socket.once("data", () => {
    resolve(true);
    socket.destroy();
  });
  return promise;
}
