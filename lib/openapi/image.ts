import * as z from "zod/mini";
import { described } from "./described.ts";

/** The image of a bundle. */
export const image = z.object({
  image: described("Its reference, as in quay.io/acme/etcd:v1.0.0."),
  digest: z
    .string()
    .check(z.regex(/^sha256:[0-9a-f]{64}$/), z.meta({ description: "The digest of its manifest." })),
  version: described("The version of its ClusterServiceVersion."),
  channels: z.readonly(z.array(z.string())).check(z.meta({ description: "The channels that it is in." })),
});

/** Those of one push. */
export const images = z
  .readonly(z.array(image))
  .check(z.meta({ description: "Bundles only: one image for each version, the lowest version first." }));
