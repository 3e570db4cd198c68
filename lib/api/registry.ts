import { bundleRegistry, organizationSettings } from "../config/index.ts";
import { AppRegistry, ImageRegistry } from "../quay/index.ts";
import type { Registry } from "../release/index.ts";
import type { ApiRequest } from "./request.ts";

/**
 * The registry that an organization publishes to.
 *
 * @param authorization the header that it is asked with
 */
export function registryOf(
  { app: { config }, http, journal }: Pick<ApiRequest, "app" | "http" | "journal">,
  organization: string,
  authorization: string,
): Registry {
  const settings = organizationSettings(config, organization);
  journal.about({ target: settings.target });
  if (settings.target === "appregistry") return new AppRegistry(http, config.quay_url, authorization);
  const { repository_template: template = "{repository}" } = settings;
  return new ImageRegistry(http, {
    registry: new URL(bundleRegistry(config, settings)),
    quayUrl: config.quay_url,
    authorization,
    repositoryName: (repository) => template.replace("{repository}", () => repository),
  });
}
