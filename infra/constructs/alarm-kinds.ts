import { Duration } from "aws-cdk-lib";

/** When alarms of a kind go off. */
export interface AlarmKind {
  /** The section of docs/runbook.md that tells what to do. */
  readonly runbook: string;
  /** What has happened, for the alarm's description. */
  readonly meaning: string;
  /** The lowest value that is too much; with `below`, the highest that is too little. */
  readonly threshold: number;
  /**
   * Whether little is bad.
   *
   * @default false
   */
  readonly below?: boolean;
  /**
   * Whether the value is a share, from 0 to 1.
   *
   * @default false
   */
  readonly share?: boolean;
  readonly period: Duration;
  /** Periods that are looked at. */
  readonly periods: number;
  /** In how many of them it must be too much. */
  readonly breaching: number;
}

const FIVE_MINUTES = Duration.minutes(5);

/** For shares: in shorter ones, where few push, most periods would have nothing in them. */
const QUARTER_OF_AN_HOUR = Duration.minutes(15);

/** What CloudWatch looks back at the most. */
const DAY = Duration.days(1);

/** All kinds of alarms, by the names under which they can be overridden. */
const ALARM_KINDS = {
  "failure-rate": {
    runbook: "Failure rate",
    meaning:
      "A tenth of the pushes and deletions or more are answered with 5xx. Those of releases that exist already do not count.",
    threshold: 0.1,
    share: true,
    period: QUARTER_OF_AN_HOUR,
    periods: 1,
    breaching: 1,
  },
  latency: {
    runbook: "Latency",
    meaning: "5 % of the pushes take 24 seconds or more of the 28.5 after which they are given up.",
    threshold: 4500,
    below: true,
    period: FIVE_MINUTES,
    periods: 3,
    breaching: 3,
  },
  "function-errors": {
    runbook: "Function errors",
    meaning: "A function was killed, ran out of memory or time, or could not start.",
    threshold: 1,
    period: FIVE_MINUTES,
    periods: 1,
    breaching: 1,
  },
  unanswered: {
    runbook: "Unanswered requests",
    meaning:
      "API Gateway answered a request itself, because no function did: none could start, or none ended.",
    threshold: 1,
    period: FIVE_MINUTES,
    periods: 1,
    breaching: 1,
  },
  throttles: {
    runbook: "Throttles",
    meaning: "Lambda refused invocations of a function: there is no concurrency left.",
    threshold: 1,
    period: FIVE_MINUTES,
    periods: 2,
    breaching: 2,
  },
  "upstream-down": {
    runbook: "Upstream down",
    meaning: "Half of the calls of a service or more fail.",
    threshold: 0.5,
    share: true,
    period: QUARTER_OF_AN_HOUR,
    periods: 1,
    breaching: 1,
  },
  "configuration-errors": {
    runbook: "Configuration errors",
    meaning: "A push was refused because the organization's secret cannot be read.",
    threshold: 1,
    period: FIVE_MINUTES,
    periods: 1,
    breaching: 1,
  },
  "missing-tokens": {
    runbook: "Missing tokens",
    meaning: "A public organization has no OAuth token: what is pushed to it is not made public.",
    threshold: 1,
    period: FIVE_MINUTES,
    periods: 1,
    breaching: 1,
  },
  "dead-letters": {
    runbook: "Dead letters",
    meaning: "Messages could not be worked on and were put aside.",
    threshold: 1,
    period: FIVE_MINUTES,
    periods: 1,
    breaching: 1,
  },
  "queue-age": {
    runbook: "Queue age",
    meaning: "A message has been waiting for 15 minutes or more.",
    threshold: 900,
    period: FIVE_MINUTES,
    periods: 2,
    breaching: 2,
  },
} as const satisfies Readonly<Record<string, AlarmKind>>;

export type AlarmName = keyof typeof ALARM_KINDS;

export const ALARM_NAMES: readonly AlarmName[] = Object.keys(ALARM_KINDS).filter(
  (name): name is AlarmName => name in ALARM_KINDS,
);

/** What differs for the alarms of a kind. */
export interface AlarmOverride extends Partial<Pick<AlarmKind, "threshold" | "periods" | "breaching">> {
  /**
   * False: there are none of this kind.
   *
   * @default true
   */
  readonly enabled?: boolean;
}

/** What differs, by the kind of alarm. */
export type AlarmOverrides = Readonly<Partial<Record<AlarmName, AlarmOverride>>>;

/**
 * The kinds with what is overridden, without those that are switched off.
 *
 * @throws Error for an override of a kind that there is none of, or one that can never go off
 */
export function alarmKinds(overrides: AlarmOverrides = {}): ReadonlyMap<AlarmName, AlarmKind> {
  const unknown = Object.keys(overrides).filter((name) => !(name in ALARM_KINDS));
  if (unknown.length > 0) {
    throw new Error(
      `There is no alarm ${unknown.map((name) => JSON.stringify(name)).join(", ")} to override; there are ${ALARM_NAMES.join(", ")}.`,
    );
  }
  const kinds = ALARM_NAMES.filter((name) => overrides[name]?.enabled !== false).map((name) => {
    const { enabled: _, ...override } = overrides[name] ?? {};
    return [name, checked(name, { ...ALARM_KINDS[name], ...override })] as const;
  });
  return new Map(kinds);
}

function checked(name: AlarmName, kind: AlarmKind): AlarmKind {
  const { threshold, share, period, periods, breaching } = kind;
  const longest = DAY.toSeconds() / period.toSeconds();
  const problem = [
    breaching > periods && `can never go off: ${breaching} periods of ${periods} cannot be too much`,
    threshold <= 0 && `would always be on: expected a threshold above 0, got ${threshold}`,
    share && threshold > 1 && `can never go off: expected a share of at most 1, got ${threshold}`,
    periods > longest && `looks back too far: expected at most ${longest} periods, got ${periods}`,
  ].find((each) => typeof each === "string");
  if (problem === undefined) return kind;
  throw new Error(`The alarm "${name}" ${problem}.`);
}
