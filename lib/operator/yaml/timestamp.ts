import { PyDate, PyDateTime } from "./values.ts";

const TIMESTAMP =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?(?:[ \t]*(?:(Z)|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?)?$/;

const DAY_IN_MINUTES = 24 * 60;

/** The error for a text that does not fit its tag, or that only looks like a number or a date. */
export function mismatch(expected: string, text: string): Error {
  return new Error(`expected ${expected}, but found ${JSON.stringify(text)}`);
}

/**
 * A date, or a date with a time and perhaps a zone.
 *
 * @throws Error for anything else, also for a day or a time that does not exist (Python's `datetime`).
 */
export function parseTimestamp(text: string): PyDate | PyDateTime {
  const match = TIMESTAMP.exec(text);
  if (!match) throw mismatch("a date like 2019-01-31, with or without a time", text);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  if (!isDay(year, month, day)) throw mismatch("a day of the calendar", text);
  if (match[4] === undefined) return new PyDate(year, month, day);
  if (hour > 23 || minute > 59 || second > 59) throw mismatch("a time of the day", text);
  const microsecond = Number((match[7] ?? "").slice(0, 6).padEnd(6, "0"));
  const zone = match[8] ? 0 : zoneMinutes(match[9], match[10], match[11]);
  if (zone !== undefined && Math.abs(zone) >= DAY_IN_MINUTES)
    throw mismatch("a zone of less than 24 hours", text);
  return new PyDateTime({ year, month, day, hour, minute, second, microsecond, zone });
}

function zoneMinutes(sign: string | undefined, hours = "0", minutes = "0"): number | undefined {
  if (sign === undefined) return undefined;
  const distance = Number(hours) * 60 + Number(minutes);
  return sign === "-" ? -distance : distance;
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const lastOfMonth = new Date(0);
  lastOfMonth.setUTCFullYear(year, month, 0);
  return day <= lastOfMonth.getUTCDate();
}
