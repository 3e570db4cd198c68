/** The account that all stand-ins are in. */
export const ACCOUNT = "000000000000";

/** The region that all stand-ins are in. */
export const REGION = "us-east-1";

/** Gives the time, in milliseconds since 1970. */
export type Clock = () => number;

/** Whose signatures they hold against what is signed, where they do. */
export const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" } as const;
