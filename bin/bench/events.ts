import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { toEvent } from "../../infra/local/event.ts";
import { EXAMPLE, EXAMPLE_TOKEN } from "../../infra/local/example.ts";

const RELEASES = `/v1/${EXAMPLE.organization}/${EXAMPLE.repository}`;
const headers = { authorization: EXAMPLE_TOKEN };

/** The upload of a zip. */
export function pushEvent(zip: Buffer, version: string): APIGatewayProxyEventV2 {
  const head = '--B\r\nContent-Disposition: form-data; name="file"; filename="m.zip"\r\n\r\n';
  return toEvent({
    method: "POST",
    target: `${RELEASES}/zipfile/${version}`,
    headers: { ...headers, "content-type": "multipart/form-data; boundary=B" },
    body: Buffer.concat([Buffer.from(head), zip, Buffer.from("\r\n--B--\r\n")]),
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
