/** Random inputs for each property; few in `npm test`, many in `npm run test:properties`. */
export const RUNS = Number(process.env["PROPERTY_RUNS"] ?? "100");

/** A property may take this long, in milliseconds: 20 ms for each input, and a start. */
export const PATIENCE = 30_000 + RUNS * 20;
