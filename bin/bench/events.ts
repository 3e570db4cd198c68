import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { toEvent } from "../../infra/local/event.ts";
import { EXAMPLE, EXAMPLE_TOKEN } from "../../infra/local/example.ts";

const RELEASES = `/v1/${EXAMPLE.organization}/${EXAMPLE.repository}`;
const headers = { authorization: EXAMPLE_TOKEN };

/** The upload of a zip; other headers may come with it. */
export function pushEvent(
  zip: Buffer,
  version: string,
  more: Readonly<Record<string, string>> = {},
): APIGatewayProxyEventV2 {
  return formEvent(`${RELEASES}/zipfile/${version}`, zip, { ...headers, ...more });
}

/** The upload of a zip to a repository of any name, without a version. */
export function pushBundleEvent(zip: Buffer, repository: string): APIGatewayProxyEventV2 {
  return formEvent(`/v1/${EXAMPLE.organization}/${repository}/zipfile`, zip, headers);
}

/** A validation without a token. */
export function validateEvent(zip: Buffer): APIGatewayProxyEventV2 {
  return formEvent(`/v2/${EXAMPLE.organization}/validate`, zip, {});
}

/** The upload of a zip with a form. */
function formEvent(
  target: string,
  zip: Buffer,
  headers: Readonly<Record<string, string>>,
): APIGatewayProxyEventV2 {
  const head = '--B\r\nContent-Disposition: form-data; name="file"; filename="m.zip"\r\n\r\n';
  return toEvent({
    method: "POST",
    target,
    headers: { ...headers, "content-type": "multipart/form-data; boundary=B" },
    body: Buffer.concat([Buffer.from(head), zip, Buffer.from("\r\n--B--\r\n")]),
  });
}

/** Which releases the example repository has. */
export function releasesEvent(): APIGatewayProxyEventV2 {
  const target = `/v2/${EXAMPLE.organization}/${EXAMPLE.repository}/releases`;
  return toEvent({ method: "GET", target, headers });
}

/** Asks for an upload. */
export function uploadEvent(): APIGatewayProxyEventV2 {
  return toEvent({ method: "POST", target: `/v2/${EXAMPLE.organization}/uploads`, headers });
}

/** The push of what was uploaded. */
export function pushUploadEvent(upload: string, version: string): APIGatewayProxyEventV2 {
  return toEvent({
    method: "POST",
    target: `${RELEASES}/zipfile/${version}`,
    headers: { ...headers, "content-type": "application/json" },
    body: Buffer.from(JSON.stringify({ upload })),
  });
}

/** The push of the example build. */
export function buildEvent(version: string): APIGatewayProxyEventV2 {
  return toEvent({ method: "POST", target: `${RELEASES}/koji/${EXAMPLE.nvr}/${version}`, headers });
}

export function deleteEvent(version: string): APIGatewayProxyEventV2 {
  return toEvent({ method: "DELETE", target: `${RELEASES}/${version}`, headers });
}

/** A GET without a token. */
export function getEvent(target: string): APIGatewayProxyEventV2 {
  return toEvent({ method: "GET", target, headers: {} });
}
