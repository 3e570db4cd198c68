import * as z from "zod/mini";

/** A member of a struct; undefined where there is none. What a struct inherits is not its own. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

/** A struct of which only its own members are read: a member `__proto__` would bring in others. */
function struct<T extends z.core.$ZodLooseShape>(shape: T) {
  return z.pipe(ownMembers, z.object(shape));
}

const ownMembers = z.transform((value: unknown) =>
  isStruct(value) ? Object.fromEntries(Object.entries(value)) : undefined,
);

/** Dates and buffers, which Koji never sends, have no members: they would pass for an empty struct. */
export function isStruct(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return !(Array.isArray(value) || value instanceof Date || value instanceof Uint8Array);
}

/** Sizes from 2 GiB on come as a string of digits. */
const size = z.union([
  z.int().check(z.nonnegative()),
  z.pipe(z.string().check(z.regex(/^\d{1,15}$/)), z.transform(Number)),
]);

export const apiVersionSchema = z.int();

/** What is used of getBuild's 31 members (Koji 1.35). */
const buildSchema = struct({
  id: z.int().check(z.positive()),
  nvr: z.string(),
  name: z.string(),
  version: z.string(),
  release: z.string(),
  state: z.int(),
  volume_name: z.nullish(z.string()),
  extra: z.unknown(),
});

/** An empty struct, which no hub of today sends: OMPS 11.2 took it for a build without manifests. */
const emptySchema = z.pipe(
  z.pipe(ownMembers, z.strictObject({})),
  z.transform(() => undefined),
);

/** Null for no such build, undefined for one about which nothing is told. */
export const buildAnswerSchema = z.nullable(z.union([buildSchema, emptySchema]));

/** Null, which no hub of today sends, is no log. */
export const logsSchema = z.nullable(z.array(struct({ name: z.string(), path: z.string() })));

export const tagsSchema = z.array(struct({ name: z.string() }));

export const archivesSchema = z.array(
  struct({
    filename: z.string(),
    size: z.nullish(size),
    checksum: z.nullish(z.string()),
    checksum_type: z.nullish(z.int()),
    metadata_only: z.nullish(z.boolean()),
  }),
);
