import { type Config, organizationSettings } from "../config/index.ts";
import type { ReleaseTarget, Repository } from "../release/index.ts";
import type { Journal, Log, Secret } from "../telemetry/index.ts";

/** Gives the OAuth token of an organization, where it has one. */
export type TokenSource = (organization: string) => Promise<Secret | undefined>;

interface Visibility {
  readonly config: Config;
  readonly target: ReleaseTarget;
  readonly tokens: TokenSource;
  readonly log: Log;
  readonly journal: Journal;
}

/**
 * Gets ready to make the repository of a public organization public; the result does it. The token is read
 * here, before anything is pushed, because a secret that cannot be read must leave nothing half done.
 * A public organization without a token is logged and not published.
 *
 * @throws ConfigurationError when the organization's secret cannot be read
 */
export async function publishOrganization(
  { config, target, tokens, log, journal }: Visibility,
  repository: Repository,
): Promise<() => Promise<void>> {
  const nothing = async () => {};
  if (!organizationSettings(config, repository.organization).public) return nothing;
  const token = await journal.step("read_tokens", () => tokens(repository.organization));
  if (token) {
    return async () => {
      await journal.step("publish", () => target.publish(repository, token));
      journal.audit("Repository set to public", { ...repository });
    };
  }
  journal.missingToken(repository.organization);
  log.warn("A public organization has no OAuth token: the repository is not made public", { ...repository });
  return nothing;
}
