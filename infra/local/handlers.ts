import { handler as about } from "../../functions/about.ts";
import { handler as deleteReleases } from "../../functions/delete-releases.ts";
import { handler as docs } from "../../functions/docs.ts";
import { handler as health } from "../../functions/health.ts";
import { handler as notFound } from "../../functions/not-found.ts";
import { handler as operations } from "../../functions/operations.ts";
import { handler as page } from "../../functions/page.ts";
import { handler as pushKoji } from "../../functions/push-koji.ts";
import { handler as pushZipfile } from "../../functions/push-zipfile.ts";
import { handler as releases } from "../../functions/releases.ts";
import { handler as uploads } from "../../functions/uploads.ts";
import { handler as validate } from "../../functions/validate.ts";
import { handler as validateKoji } from "../../functions/validate-koji.ts";
import type { Handlers } from "./gateway.ts";

/** The deployed functions, in this process. */
export const handlers: Handlers = {
  "push-zipfile": pushZipfile,
  "push-koji": pushKoji,
  "delete-releases": deleteReleases,
  releases,
  validate,
  "validate-koji": validateKoji,
  uploads,
  operations,
  health,
  about,
  docs,
  page,
  "not-found": notFound,
};
