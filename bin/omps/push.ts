import type { Call } from "./call.ts";
import { packageArchive } from "./package-archive.ts";
import { pushHeaders, pushPath, tellPush } from "./push-request.ts";
import { sendArchive } from "./send-archive.ts";

/** `omps push`: a directory or a zip. */
export async function push(call: Call): Promise<number> {
  const { given, terminal } = call;
  const path = pushPath(call, "zipfile", given.positionals[1]);
  const purpose = { path, token: "needed", headers: () => pushHeaders(call) } as const;
  purpose.headers();
  call.neededToken();
  const archive = packageArchive(given.positional(0));
  terminal.doing = "The push may still be done; 'omps releases' tells.";
  return tellPush(call, await sendArchive(call, archive, purpose));
}
