import { text } from "node:stream/consumers";
import type { Call } from "./call.ts";
import { checkToken } from "./call.ts";
import { credentialsFile, storeToken } from "./credentials.ts";
import { EXIT, Failure, UsageFailure } from "./failure.ts";

/** A whole token, as Quay's login gives it. */
const TOKEN = /^(basic|bearer) \S+$/i;

/** `omps login`: stores a token for the server. */
export async function login(call: Call): Promise<number> {
  const { given, terminal } = call;
  const server = call.server();
  const user = given.positionals[0];
  terminal.doing = "Nothing was stored.";
  const secret = await readSecret(call, user);
  const token = TOKEN.test(secret) ? secret : tokenOf(user, secret);
  checkToken(token);
  const file = credentialsFile(call.env);
  storeToken(file, server, token);
  terminal.out(call.json ? `${JSON.stringify({ server, file })}\n` : `Stored for ${server} in ${file}.\n`);
  return EXIT.ok;
}

/** `omps logout`: forgets it. */
export async function logout(call: Call): Promise<number> {
  const server = call.server();
  const file = credentialsFile(call.env);
  storeToken(file, server, undefined);
  call.terminal.out(
    call.json ? `${JSON.stringify({ server, file })}\n` : `Nothing is stored for ${server} now.\n`,
  );
  return EXIT.ok;
}

/** Quay's app registry takes the user and password of HTTP Basic for its token, and gives just that at its login. */
function tokenOf(user: string | undefined, password: string): string {
  if (user === undefined)
    throw new UsageFailure(
      "Name the robot account, as in 'omps login org+robot', or give a token 'basic …'.",
    );
  if (user.includes(":") || user === "") throw new UsageFailure("A user's name has no ':'.");
  return `basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

async function readSecret({ terminal }: Call, user: string | undefined): Promise<string> {
  const asked = user === undefined ? "Token of Quay's application registry: " : `Password of ${user}: `;
  const secret = process.stdin.isTTY
    ? await prompt(asked)
    : (await text(process.stdin)).replace(/\r?\n$/, "");
  terminal.wipe();
  if (secret === "") throw new UsageFailure("There is no password: type it, or send it to stdin.");
  if (/[\r\n]/.test(secret)) throw new UsageFailure("The password on stdin has more than one line.");
  return secret;
}

/** Reads a line from the terminal without showing it. */
function prompt(asked: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(asked);
  stdin.setRawMode(true).setEncoding("utf8").resume();
  let typed = "";
  return new Promise((resolve, reject) => {
    const end = () => {
      stdin.setRawMode(false).pause().off("data", listen);
      stderr.write("\n");
    };
    const listen = (chunk: string) => {
      for (const key of chunk) {
        if (key === "\r" || key === "\n" || key === "\u0004") {
          end();
          return resolve(typed);
        }
        if (key === "\u0003") {
          end();
          return reject(new Failure(EXIT.interrupted, "Interrupted. Nothing was stored."));
        }
        typed = key === "\u007f" || key === "\b" ? typed.slice(0, -1) : typed + key;
      }
    };
    stdin.on("data", listen);
  });
}
