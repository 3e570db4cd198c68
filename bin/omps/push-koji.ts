import { ask } from "./api.ts";
import type { Call } from "./call.ts";
import { pushHeaders, pushPath, tellPush } from "./push-request.ts";

/** `omps push-koji`: the manifests of a build. */
export async function pushKoji(call: Call): Promise<number> {
  const { given, terminal } = call;
  const path = pushPath(call, `koji/${encodeURIComponent(given.positional(0))}`, given.positionals[1]);
  const headers = pushHeaders(call);
  terminal.doing = "The push may still be done; 'omps releases' tells.";
  return tellPush(call, await ask(call, { method: "POST", path, token: "needed", headers }));
}
