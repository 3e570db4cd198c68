import { Aws, Duration, Stack, Validations } from "aws-cdk-lib";
import type { ISecurityGroup, IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import { type IRole, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  Architecture,
  type Code,
  type FunctionOptions,
  Function as LambdaFunction,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { TASK_ROOT } from "../build/places.ts";

/** How long a function may run, unless told: as long as API Gateway waits. */
const TIMEOUT = Duration.seconds(30);

/** Memory in MB, with which CPU comes: more than half a core for this. The largest push needs a quarter of it. */
const MEMORY_MB = 1024;

/** The characters of Secrets Manager's names, without `*` and `?`, which a policy would read as any characters. */
const SECRET_PREFIX = /^[A-Za-z0-9/_+=.@-]+$/;

/** What Lambda does, in the function's name, to have it in a VPC. They know no resource that could be named before. */
const NETWORK_INTERFACE_ACTIONS = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** The network that functions are in. */
export interface Network {
  readonly vpc: IVpc;
  /**
   * The subnets. They need a way to Quay, Koji and Greenwave, and to the services of AWS.
   *
   * @default - the private subnets of the VPC
   */
  readonly subnets?: SubnetSelection;
  readonly securityGroups: readonly ISecurityGroup[];
}

/** What may differ from the defaults of a function. */
export interface ServiceFunctionOptions
  extends Pick<
    FunctionOptions,
    "description" | "environment" | "memorySize" | "reservedConcurrentExecutions" | "timeout"
  > {
  /**
   * How long its log is kept.
   *
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;
  /**
   * The network that it is in.
   *
   * @default - none of the account's: it can reach public addresses only
   */
  readonly network?: Network;
  /**
   * The key that encrypts its log and its environment variables.
   *
   * @default - keys of AWS
   */
  readonly encryptionKey?: IKey;
}

/** One function of OMPS. */
export interface ServiceFunctionProps extends ServiceFunctionOptions {
  /** Name of the file in `functions`, without its ending. */
  readonly name: string;
  /** The folder with the bundles of all functions. */
  readonly code: Code;
}

/**
 * A function, behind the API or a queue: Node 24 on arm64, with a log group and a role of its own. The role may write to
 * that log and nothing else until it is granted.
 */
export class ServiceFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly #encryptionKey: IKey | undefined;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { name, logRetention, environment, network, encryptionKey, code, ...options } = props;
    this.#encryptionKey = encryptionKey;
    this.logGroup = new LogGroup(this, "Log", {
      retention: logRetention ?? RetentionDays.THREE_MONTHS,
      ...(encryptionKey && { encryptionKey }),
    });
    this.lambda = new LambdaFunction(this, "Function", {
      timeout: TIMEOUT,
      memorySize: MEMORY_MB,
      ...options,
      ...(network && networkProps(network)),
      ...(encryptionKey && { environmentEncryption: encryptionKey }),
      environment: {
        OMPS_CONFIG: `${TASK_ROOT}/config.json`,
        OMPS_DEPLOYMENT: Stack.of(this).stackName,
        ...environment,
      },
      code,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: `${name}.handler`,
      role: this.#role(network !== undefined, encryptionKey),
      logGroup: this.logGroup,
    });
  }

  /** Lets it read the organizations' secrets, named `<prefix><organization>`, and tells it the prefix. */
  grantReadOrganizationSecrets(prefix: string): void {
    if (!SECRET_PREFIX.test(prefix)) {
      throw new Error(
        `The secret prefix must have letters, digits and /_+=.@- only, and at least one, not ${JSON.stringify(prefix)}.`,
      );
    }
    // Pseudo parameters also where the stack knows its account: so cdk-nag names the finding the same everywhere.
    const secrets = `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${prefix}*`;
    this.grant(secrets, "secretsmanager:GetSecretValue");
    this.lambda.addEnvironment("OMPS_SECRET_PREFIX", prefix);
    Validations.of(this).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${prefix}*]`,
      reason:
        "Organizations get and lose their secrets without a deployment, and one without a secret must be told from one that may not be read: the prefix is the boundary.",
    });
  }

  /** Lets it do something with one resource. */
  grant(resource: string, ...actions: string[]): void {
    this.lambda.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }));
  }

  /** Lets it encrypt with the key of the deployment, where there is one, as who writes what that key encrypts must. */
  grantEncrypt(): void {
    if (this.#encryptionKey) this.grant(this.#encryptionKey.keyArn, "kms:Decrypt", "kms:GenerateDataKey");
  }

  /** AWS's managed policies would let it write to every log of the account, so it has none. */
  #role(inNetwork: boolean, encryptionKey: IKey | undefined): IRole {
    const role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    this.logGroup.grantWrite(role);
    encryptionKey?.grantDecrypt(role);
    if (inNetwork) {
      role.addToPolicy(new PolicyStatement({ actions: NETWORK_INTERFACE_ACTIONS, resources: ["*"] }));
      Validations.of(this).acknowledge({
        id: "AwsSolutions-IAM5[Resource::*]",
        reason: "Lambda makes the network interfaces in the role's name; these actions know no resource.",
      });
    }
    return role;
  }
}

function networkProps({ vpc, subnets, securityGroups }: Network) {
  return { vpc, securityGroups: [...securityGroups], ...(subnets && { vpcSubnets: subnets }) };
}
