import { MetricUnit, Metrics as Powertools } from "@aws-lambda-powertools/metrics";

/** Where CloudWatch keeps our metrics. */
export const NAMESPACE = "OMPS";

const UNITS = {
  /** One for each push that was asked for. */
  Pushes: MetricUnit.Count,
  /** One for each deletion that was asked for, of one release or all. */
  Deletions: MetricUnit.Count,
  /** For each push or deletion 1 where it failed for a fault of ours or of another service, else 0: the mean is the rate. */
  Failures: MetricUnit.Count,
  /** One for each notification of a build that was worked on, each time. */
  Notifications: MetricUnit.Count,
  /** Pushes to public organizations that have no token to make the repository public. */
  MissingTokens: MetricUnit.Count,
  /** What was left of a request's time when it was answered. */
  DeadlineLeft: MetricUnit.Milliseconds,
  /** The body of a request. */
  RequestBytes: MetricUnit.Bytes,
  /** The zip, of an upload or a build. */
  ArchiveBytes: MetricUnit.Bytes,
  /** What was in it, unpacked. */
  UnpackedBytes: MetricUnit.Bytes,
  /** The tar.gz that Quay gets. */
  ReleaseBytes: MetricUnit.Bytes,
  /** From a call of another service to the beginning of its answer, or to its failure. */
  UpstreamLatency: MetricUnit.Milliseconds,
  /** For each call 1 where it was answered with 429 or 5xx, or not at all, else 0: the mean is the rate. */
  UpstreamFailures: MetricUnit.Count,
} as const;

export type MetricName = keyof typeof UNITS;

const METRIC_NAMES = Object.keys(UNITS).filter((name): name is MetricName => name in UNITS);

/** One value, or one for each time. */
export type MetricValues = Readonly<Partial<Record<MetricName, number | readonly number[]>>>;

export type Dimensions = Readonly<Record<string, string>>;

/** Where metrics go. */
export interface Metrics {
  /**
   * Adds values to the metrics of each of these sets of dimensions; `{}` is the whole deployment. Each set of values
   * of dimensions is a metric of its own, which costs: give none that a caller can choose.
   */
  put(values: MetricValues, ...dimensionSets: readonly Dimensions[]): void;
}

/** Where there is no deployment, nobody collects metrics. */
export const NO_METRICS: Metrics = { put: () => {} };

/** Most values of a metric in one line; with one more, Powertools prints a line of its own, without dimensions. */
const MAX_VALUES = 99;

/** Powertools warns of a dimension that is in two sets of a line, which the format allows. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Metrics in CloudWatch's embedded format: lines of the log, of which CloudWatch makes metrics.
 *
 * @param deployment the stack's name
 * @param write what takes the lines, each without its line break; unless told, they go to stdout
 */
export function createMetrics(deployment: string, write: (line: string) => void = toStdout): Metrics {
  const powertools = new Powertools({ namespace: NAMESPACE, serviceName: deployment, logger: SILENT });
  const line = (values: readonly Value[], dimensionSets: readonly Dimensions[]) => {
    for (const [name, value] of values) powertools.addMetric(name, UNITS[name], value);
    for (const dimensions of dimensionSets) powertools.addDimensions({ ...dimensions });
    write(JSON.stringify(powertools.serializeMetrics()));
    powertools.clearMetrics();
    powertools.clearDimensions();
  };
  return {
    put(values, ...dimensionSets) {
      for (let left = flatten(values); left.length > 0; left = left.slice(MAX_VALUES))
        line(left.slice(0, MAX_VALUES), dimensionSets);
    },
  };
}

type Value = readonly [name: MetricName, value: number];

function flatten(values: MetricValues): Value[] {
  const names = METRIC_NAMES.filter((name) => values[name] !== undefined);
  return names.flatMap((name) => [values[name] ?? []].flat().map((value): Value => [name, value]));
}

function toStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}
