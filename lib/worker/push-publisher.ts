import { buildPublisher, lockOf, registryOf } from "../api/index.ts";
import { PushTokenRequiredError } from "../errors/index.ts";
import type { BuildPublisher, LockTools } from "../publish/index.ts";
import type { OrganizationTokens } from "../secrets/index.ts";
import type { Secret } from "../telemetry/index.ts";
import type { QueueMessage } from "./message.ts";

/**
 * The tools for the push of a build that nobody asked for, acting with the organization's own `push_token`.
 *
 * @throws PushTokenRequiredError when the organization has none
 * @throws ConfigurationError when its secret cannot be read
 */
export async function pushPublisher(message: QueueMessage, organization: string): Promise<BuildPublisher> {
  const read = () => tokensOf(message, organization);
  const { pushToken } = await message.journal.step("read_tokens", read);
  if (pushToken) return publisherOf(message, organization, pushToken, { keepsDoubtful: true });
  throw new PushTokenRequiredError(
    `The organization ${organization} has no 'push_token' in its secret, so that nothing can be pushed to it without a caller. Nothing was pushed.`,
  );
}

/** The tools for a push that nobody waits for, acting with a token. */
export function publisherOf(
  message: QueueMessage,
  organization: string,
  token: Secret,
  lock: Pick<LockTools, "afterwards" | "keepsDoubtful">,
): BuildPublisher {
  const { app, log, journal } = message;
  const authorization = token.reveal();
  const caller = app.fingerprint(authorization);
  journal.about({ token: caller });
  return buildPublisher(message, {
    caller,
    lock: lockOf(message, lock),
    config: app.config,
    timeLeft: () => message.deadline.left,
    target: registryOf(message, organization, authorization),
    tokens: async (name) => (await tokensOf(message, name)).oauthToken,
    log,
    journal,
  });
}

function tokensOf({ app, journal, deadline }: QueueMessage, name: string): Promise<OrganizationTokens> {
  return app.secrets.tokens(name, deadline.signal, (work) => journal.call("secrets-manager", work));
}
