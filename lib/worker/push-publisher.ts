import { buildPublisher, lockOf } from "../api/index.ts";
import { PushTokenRequiredError } from "../errors/index.ts";
import type { BuildPublisher } from "../publish/index.ts";
import { AppRegistry } from "../quay/index.ts";
import type { QueueMessage } from "./message.ts";

/**
 * The tools for the push of a build that nobody waits for, acting with the organization's own `push_token`.
 *
 * @throws PushTokenRequiredError when the organization has none
 * @throws ConfigurationError when its secret cannot be read
 */
export async function pushPublisher(message: QueueMessage, organization: string): Promise<BuildPublisher> {
  const { app, http, log, journal, deadline } = message;
  const read = <T>(work: () => Promise<T>) => journal.call("secrets-manager", work);
  const tokensOf = (name: string) => app.secrets.tokens(name, deadline.signal, read);
  const { pushToken } = await journal.step("read_tokens", () => tokensOf(organization));
  if (!pushToken) {
    throw new PushTokenRequiredError(
      `The organization ${organization} has no 'push_token' in its secret, so that nothing can be pushed to it without a caller. Nothing was pushed.`,
    );
  }
  const authorization = pushToken.reveal();
  const caller = app.fingerprint(authorization);
  journal.about({ target: "appregistry", token: caller });
  return buildPublisher(message, {
    caller,
    lock: lockOf(message, { keepsDoubtful: true }),
    config: app.config,
    target: new AppRegistry(http, app.config.quay_url, authorization),
    tokens: async (name) => (await tokensOf(name)).oauthToken,
    log,
    journal,
  });
}
