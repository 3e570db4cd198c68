import * as z from "zod/mini";
import { described } from "./described.ts";

const image = {
  image: described("The reference, as in `quay.io/acme/etcd:v1.0.0`."),
  digest: described("Of the manifest."),
  version: z.string(),
  channels: z.readonly(z.array(z.string())),
};

const DESCRIPTION = "Bundles only: an image for each version, the lowest version first.";

/** The images of a push to an organization with the target `bundle`. */
export const images = z.optional(
  z.readonly(z.array(z.object(image))).check(z.meta({ description: DESCRIPTION })),
);

/** Those that would be pushed. */
export const validatedImages = z.optional(
  z
    .readonly(
      z.array(
        z.object({
          ...image,
          state: z.optional(
            z.enum(["new", "published", "conflict"]).check(
              z.meta({
                description:
                  "Whether it is not there yet, is there, or is there with another content, for which a push is refused; absent without a token.",
              }),
            ),
          ),
        }),
      ),
    )
    .check(z.meta({ description: DESCRIPTION })),
);
