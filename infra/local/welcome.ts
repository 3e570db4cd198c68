import { EXAMPLE, EXAMPLE_TOKEN, exampleNotification } from "./example.ts";
import { BUS } from "./notifications.ts";
import type { Surroundings } from "./surroundings.ts";

/** Paths of the example, zipped. */
export interface ExampleFiles {
  /** As a package. */
  readonly zip: string;
  /** As a bundle. */
  readonly bundle: string;
}

/** What is told when OMPS is ready: where it is, and lines that work when pasted, as far as fakes answer them. */
export function welcome(
  url: string,
  { quay, koji, aws }: Surroundings,
  quayUrl: string,
  { zip, bundle }: ExampleFiles,
): string {
  if (!quay) return `OMPS is ready at ${url}, with Quay at ${quayUrl}\n`;
  const { organization, repository, user, password, nvr } = EXAMPLE;
  const authorization = `-H 'Authorization: ${EXAMPLE_TOKEN}'`;
  const login = JSON.stringify({ user: { username: user, password } });
  return `OMPS is ready at ${url}, with ${koji ? "fakes of Quay and Koji" : "a fake of Quay"}

An example token, for the organization "${organization}":
  ${EXAMPLE_TOKEN}
Quay gives it for a user name and a password:
  curl -H 'Content-Type: application/json' -d '${login}' ${quay}/cnr/api/v1/users/login

Try next:
  curl ${authorization} -F file=@${zip} ${url}/v1/${organization}/${repository}/zipfile
  curl ${authorization} -X DELETE ${url}/v1/${organization}/${repository}/1.0.0
${koji ? `  curl ${authorization} -X POST ${url}/v2/${organization}/koji/${nvr}\n` : ""}  curl ${url}/v2/health/ping
${bundles(url, authorization, bundle)}${aws ? waiting(url, authorization, zip) : ""}${koji && aws ? notified(quay, aws.settings.endpoint) : ""}`;
}

function bundles(url: string, authorization: string, bundle: string): string {
  const place = `${url}/v2/${EXAMPLE.bundles}`;
  return `
What a push would do, without a token and without pushing; the organization "${EXAMPLE.bundles}" takes images:
  curl -F file=@${bundle} ${place}/validate
  curl ${authorization} -F file=@${bundle} ${place}/zipfile
  curl ${authorization} ${place}/${EXAMPLE.repository}/releases
All that the API has: ${url}/docs
`;
}

function waiting(url: string, authorization: string, zip: string): string {
  const { organization } = EXAMPLE;
  const push = `${url}/v2/${organization}/zipfile`;
  return `
A push that nobody waits for; its answer tells where to ask how it goes:
  curl -i ${authorization} -H 'Prefer: respond-async' -F file=@${zip} ${push}
An archive of up to 50 MiB is sent by a form of its own, and pushed by its ID (with jq):
  curl -s ${authorization} -X POST ${url}/v2/${organization}/uploads > upload.json
  curl $(jq -r '.fields | to_entries[] | "-F", "\\(.key)=\\(.value)"' upload.json) -F file=@${zip} $(jq -r .url upload.json)
  curl ${authorization} -H 'Content-Type: application/json' -d "$(jq '{upload}' upload.json)" ${push}
`;
}

function notified(quay: string, endpoint: string): string {
  const entries = JSON.stringify({ Entries: [exampleNotification(BUS)] });
  return `
Koji tells that a build is complete, and its release appears by itself:
  curl -H 'X-Amz-Target: AWSEvents.PutEvents' -H 'Content-Type: application/x-amz-json-1.1' -d '${entries}' ${endpoint}
  curl -H 'Authorization: ${EXAMPLE_TOKEN}' '${quay}/cnr/api/v1/packages?namespace=${EXAMPLE.organization}'
`;
}
