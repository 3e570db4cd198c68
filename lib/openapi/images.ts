import * as z from "zod/mini";
import { described } from "./described.ts";

/** The images of a push to an organization with the target `bundle`. */
export const images = z.optional(
  z
    .readonly(
      z.array(
        z.object({
          image: described("The reference, as in `quay.io/acme/etcd:v1.0.0`."),
          digest: described("Of the manifest."),
          version: z.string(),
          channels: z.readonly(z.array(z.string())),
        }),
      ),
    )
    .check(z.meta({ description: "Bundles only: an image for each version, the lowest version first." })),
);
