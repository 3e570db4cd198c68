import * as z from "zod/mini";
import { described } from "./described.ts";
import { images } from "./images.ts";
import { ACCEPTED, operation, UPLOAD } from "./queued.ts";
import { validation } from "./validation.ts";

const organization = described("The organization of the request.");
const repo = described("The repository in Quay.");
const digest = /^(sha256:)?[0-9a-f]{64}$/;

const pushed = {
  organization,
  repo,
  version: described("The version that was given or chosen; of bundles the highest."),
  extracted_files: z
    .readonly(z.array(z.string()))
    .check(z.meta({ description: "Paths of all files of the archive, sorted." })),
  images,
};

const serviceState = z.object({
  ok: z.boolean().check(z.meta({ description: "Whether the service works." })),
  details: described("What is wrong with it, for people."),
});

const listedRelease = z.object({
  version: z.string(),
  digest: z
    .nullable(z.string().check(z.regex(digest)))
    .check(z.meta({ description: "SHA-256 of what was published; null where Quay does not tell." })),
  created: z
    .nullable(z.string())
    .check(z.meta({ description: "When it was published; null where Quay does not tell." })),
  image: z.optional(described("Bundles only: the reference of the image.")),
});

const etcd = { organization: "acme", repo: "etcd" };
const etcdPushed = { ...etcd, version: "1.0.0", extracted_files: ["etcd.crd.yaml", "package.yaml"] };
const works = { ok: true, details: "It works!" };

const PUSHED = z.object(pushed).check(z.meta({ examples: [etcdPushed] }));

const PUSHED_BUILD = z
  .object({ ...pushed, nvr: described("The build's N-V-R, without an epoch.") })
  .check(z.meta({ examples: [{ ...etcdPushed, nvr: "etcd-operator-container-0.9.4-1" }] }));

/** The bodies of all answers that are no errors, by their names in the document. */
export const ANSWERS = {
  Pushed: PUSHED,
  PushedBuild: PUSHED_BUILD,
  Accepted: ACCEPTED,
  Operation: operation([PUSHED, PUSHED_BUILD]),
  Upload: UPLOAD,
  Validation: z.object(validation),
  BuildValidation: z.object({ ...validation, nvr: described("The build's N-V-R, without an epoch.") }),
  Deleted: z
    .object({
      organization,
      repo,
      deleted: z.readonly(z.array(z.string())).check(z.meta({ description: "The releases that are gone." })),
    })
    .check(z.meta({ examples: [{ ...etcd, deleted: ["1.0.0"] }] })),
  Releases: z
    .object({
      organization,
      repo,
      releases: z.array(listedRelease).check(z.meta({ description: "The highest version first." })),
      total: z.int().check(z.minimum(1), z.meta({ description: "How many releases there are in all." })),
      next: z
        .nullable(z.string())
        .check(z.meta({ description: "Where the next ones are; null at the end of the list." })),
    })
    .check(
      z.meta({
        examples: [
          {
            ...etcd,
            releases: [{ version: "1.0.0", digest: "0".repeat(64), created: "2026-11-24T10:00:00" }],
            total: 1,
            next: null,
          },
        ],
      }),
    ),
  Health: z
    .object({
      ok: z.boolean().check(z.meta({ description: "Whether a push can work." })),
      status: z.literal([200, 503]).check(z.meta({ description: "The HTTP status." })),
      services: z.object({
        quay: serviceState,
        koji: serviceState,
        greenwave: z.nullable(serviceState).check(z.meta({ description: "null where none is configured." })),
      }),
    })
    .check(
      z.meta({
        examples: [{ ok: true, status: 200, services: { quay: works, koji: works, greenwave: null } }],
      }),
    ),
  About: z
    .object({
      version: described("The version of OMPS."),
      operatorcourier: described("The release of operator-courier whose rules are followed."),
    })
    .check(z.meta({ examples: [{ version: "12.0.0", operatorcourier: "2.1.11" }] })),
} as const;

/** Names of answers in the document. */
export type AnswerName = keyof typeof ANSWERS;

/** What a handler gives: the body of the answer of this name. */
export type AnswerOf<Name extends AnswerName> = z.output<(typeof ANSWERS)[Name]>;
