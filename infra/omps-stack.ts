import { existsSync } from "node:fs";
import { join } from "node:path";
import { Annotations, CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import { type ISecurityGroup, type IVpc, SecurityGroup, type SubnetSelection } from "aws-cdk-lib/aws-ec2";
import type { IPrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Code } from "aws-cdk-lib/aws-lambda";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { type Config, ConfigError, loadConfig } from "../lib/config/index.ts";
import { UPSTREAMS } from "../lib/telemetry/index.ts";
import { FUNCTIONS_FOLDER } from "./build/places.ts";
import type { AlarmOverrides } from "./constructs/alarm-kinds.ts";
import { BuildEvents } from "./constructs/build-events.ts";
import { letServicesUse } from "./constructs/encryption-key.ts";
import { letPutEvents } from "./constructs/event-senders.ts";
import { FingerprintKey } from "./constructs/fingerprint-key.ts";
import { Monitoring } from "./constructs/monitoring.ts";
import { type CustomDomain, PushApi, type Throttle } from "./constructs/push-api.ts";
import type { Network, ServiceFunctionOptions } from "./constructs/service-function.ts";
import { StagingBucket } from "./constructs/staging-bucket.ts";
import { TokenKey } from "./constructs/token-key.ts";
import type { Runbook } from "./runbook.ts";

/** What one deployment of OMPS is made with. */
export interface OmpsStackProps extends StackProps {
  /**
   * Folder with the bundled functions and their configuration.
   *
   * @default - `dist/functions`, as `npm run build` leaves it
   */
  readonly functionsFolder?: string;
  /**
   * Each organization's secret is named `<prefix><organization>`. Deployments with prefixes of their own read
   * only their own secrets.
   *
   * @default "omps/"
   */
  readonly secretPrefix?: string;
  /**
   * What differs from the defaults for all functions.
   *
   * @default - the defaults of ServiceFunction
   */
  readonly functionOptions?: Omit<ServiceFunctionOptions, "network" | "encryptionKey">;
  /**
   * How many requests are let through.
   *
   * @default - the default of PushApi
   */
  readonly throttle?: Throttle;
  /**
   * A name of its own for the API.
   *
   * @default - the address that AWS gives
   */
  readonly domain?: CustomDomain;
  /**
   * The network that the functions are in, where Quay, Koji or Greenwave are in one of the account's.
   *
   * @default - none: the functions reach public addresses only
   */
  readonly vpc?: IVpc;
  /**
   * The subnets of `vpc`. They need a way to the services of AWS too.
   *
   * @default - its private subnets
   */
  readonly subnets?: SubnetSelection;
  /**
   * The security groups of the functions in `vpc`.
   *
   * @default - one that lets everything out and nothing in
   */
  readonly securityGroups?: readonly ISecurityGroup[];
  /**
   * The key that encrypts logs, environment variables, the bucket, the queues and the key of the fingerprints; also
   * the one that the organizations' secrets may be encrypted with.
   *
   * @default - keys of AWS
   */
  readonly encryptionKey?: IKey;
  /**
   * Who may put events on the bus, beside those of the account whose own policies let them: accounts, roles or users.
   *
   * @default - nobody
   */
  readonly eventSenders?: readonly IPrincipal[];
  /**
   * Where alarms are sent.
   *
   * @default - nowhere: they are seen in CloudWatch only
   */
  readonly alarmTopic?: ITopic;
  /**
   * What differs from the defaults of the alarms, by the kind of alarm.
   *
   * @default - nothing
   */
  readonly alarms?: AlarmOverrides;
  /**
   * What the alarms' descriptions name sections of.
   *
   * @default - docs/runbook.md
   */
  readonly runbook?: Runbook;
}

/** All of OMPS. Nothing has a fixed name, so an account can have several. */
export class OmpsStack extends Stack {
  /** The front door. */
  readonly api: PushApi;
  /** Where large archives lie between download and push. */
  readonly staging: StagingBucket;
  /** Where notifications of builds come in. */
  readonly events: BuildEvents;

  /** Throws an Error for functions that are not built, and for what in the configuration or in `props` is not in order. */
  constructor(scope: Construct, id: string, props: OmpsStackProps = {}) {
    super(scope, id, { description: "OMPS: pushes operator manifests to Quay", ...props });
    const { secretPrefix = "omps/", encryptionKey, functionsFolder = FUNCTIONS_FOLDER } = props;
    const config = builtConfiguration(functionsFolder);
    const encryption = encryptionKey && { encryptionKey };
    if (encryptionKey) letServicesUse(encryptionKey, this);

    const functions = {
      // Source maps cost each cold start 7 ms and more once Node is told to read them, and are of no use before.
      code: Code.fromAsset(functionsFolder, { exclude: ["**/*.map"] }),
      functionOptions: { ...props.functionOptions, ...encryption, ...networkOf(this, props) },
    };
    this.api = new PushApi(this, "Api", {
      ...functions,
      ...(props.throttle && { throttle: props.throttle }),
      ...(props.domain && { domain: props.domain }),
    });
    this.events = new BuildEvents(this, "Events", functions);
    const all = new Map([...this.api.functions, ...this.events.functions]);
    const fingerprints = new FingerprintKey(this, "FingerprintKey", encryption);
    for (const fn of all.values()) fingerprints.giveTo(fn);
    for (const fn of [this.api.function("push-zipfile"), this.api.function("push-koji"), this.events.worker])
      fn.grantReadOrganizationSecrets(secretPrefix);
    this.staging = new StagingBucket(this, "Staging", encryption);
    const ofBuilds = [this.api.function("push-koji"), this.api.function("validate-koji"), this.events.worker];
    for (const fn of ofBuilds) this.staging.grantStageBuilds(fn);
    for (const name of ["push-zipfile", "push-koji", "delete-releases"] as const) {
      this.staging.grantLockRepositories(this.api.function(name));
      this.staging.grantKeepAnswers(this.api.function(name));
    }
    this.staging.grantLockRepositories(this.events.worker);
    this.staging.grantTakeUploads(this.api.function("uploads"));
    for (const name of ["push-zipfile", "validate"] as const)
      this.staging.grantReadUploads(this.api.function(name));
    this.#haveOperations();
    warnOfUnknownOrganizations(this, config);
    letPutEvents(this.events.bus, props.eventSenders ?? []);
    new Monitoring(this, "Monitoring", {
      api: this.api,
      functions: all,
      queues: this.events.queues,
      upstreams: UPSTREAMS.filter((name) => name !== "greenwave" || config.greenwave),
      ...(props.alarmTopic && { topic: props.alarmTopic }),
      ...(props.alarms && { alarms: props.alarms }),
      ...(props.runbook && { runbook: props.runbook }),
    });
    this.#tell(secretPrefix);
  }

  /** Pushes that their caller does not wait for. */
  #haveOperations(): void {
    const tokens = new TokenKey(this, "TokenKey");
    for (const name of ["push-zipfile", "push-koji"] as const) {
      const fn = this.api.function(name);
      this.staging.grantOperations(fn);
      this.events.letQueue(fn);
      tokens.grantEncrypt(fn);
    }
    this.staging.grantOperations(this.events.worker);
    this.staging.grantReadUploads(this.events.worker);
    tokens.grantDecrypt(this.events.worker);
    this.staging.grantOperations(this.api.function("operations"));
  }

  #tell(secretPrefix: string): void {
    const output = (id: string, value: string, description: string) =>
      new CfnOutput(this, id, { value, description });
    output("ApiUrl", this.api.url, "Where the API is");
    if (this.api.domainTarget !== undefined)
      output("DomainTarget", this.api.domainTarget, "What the DNS record of the API's name points to");
    output("BusName", this.events.bus.eventBusName, "Where notifications of builds are put");
    output(
      "RedriveMapping",
      this.events.redrive.eventSourceMappingId,
      "Does pushes that were put aside, once it is enabled",
    );
    output("BucketName", this.staging.bucket.bucketName, "Where large archives lie for some days");
    output("SecretPrefix", secretPrefix, "An organization's secret is named so, with its own name behind it");
  }
}

/** Their secrets cannot be looked at from here; that nothing is set for them tells of a name that is misspelt. */
function warnOfUnknownOrganizations(scope: Construct, { organizations, notifications }: Config): void {
  const named = new Set(notifications.rules.map(({ organization }) => organization));
  for (const name of [...named].filter((each) => !Object.hasOwn(organizations, each))) {
    Annotations.of(scope).addWarningV2(
      `omps:rule-organization:${name}`,
      `A rule of 'notifications' pushes to the organization ${name}, which 'organizations' does not have. Is it spelt right, and does its secret have a 'push_token'?`,
    );
  }
}

function networkOf(scope: Construct, props: OmpsStackProps): { network?: Network } {
  const { vpc, subnets, securityGroups } = props;
  if (!vpc) {
    if (!subnets && !securityGroups) return {};
    throw new Error("'subnets' and 'securityGroups' are of a VPC: give 'vpc' too.");
  }
  const groups = securityGroups ?? [
    new SecurityGroup(scope, "Functions", { vpc, description: "The functions of OMPS, which take no calls" }),
  ];
  return { network: { vpc, securityGroups: groups, ...(subnets && { subnets }) } };
}

/** A stack of nothing, or one whose functions die at start, is found here and not by the first caller. */
function builtConfiguration(folder: string): Config {
  const config = join(folder, "config.json");
  if (!existsSync(config))
    throw new Error(`There are no bundled functions in ${folder}. Run 'npm run build' first.`);
  try {
    return loadConfig({ OMPS_CONFIG: config });
  } catch (error) {
    if (error instanceof ConfigError)
      throw new Error(`The configuration is not in order.\n${error.problems.join("\n")}`);
    throw error;
  }
}
