import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { ServiceFunction } from "./service-function.ts";

/** How large archives of builds are kept, in days: a build that is pushed again is then not fetched again. */
const ARCHIVE_DAYS = 7;

/** How long the other objects are kept, in days, by their prefix. */
const LIFETIMES = {
  /** Archives that clients upload to push them within a day. */
  "uploads/": 1,
  /** Who is pushing to a repository, and pushes whose end is not known, for some minutes. */
  "pushes/": 1,
  /** Answers for clients that ask again within a day. */
  "answers/": 2,
  /** Pushes that nobody waits for, and how they ended: each ends, or is given up, in a day, and is told for another. */
  "operations/": 2,
};

/** How the staging bucket is made. */
export interface StagingBucketProps {
  /**
   * Days that an archive of a build is kept.
   *
   * @default 7
   */
  readonly archiveDays?: number;
  /**
   * The key that encrypts what is in it.
   *
   * @default - a key of S3
   */
  readonly encryptionKey?: IKey;
}

/**
 * The bucket in which large archives lie between their download and their push. What it holds can be had again, so
 * it keeps no versions and goes with the stack.
 */
export class StagingBucket extends Construct {
  readonly bucket: Bucket;
  readonly #encryptionKey: IKey | undefined;

  constructor(scope: Construct, id: string, props: StagingBucketProps = {}) {
    super(scope, id);
    const { encryptionKey, archiveDays = ARCHIVE_DAYS } = props;
    this.#encryptionKey = encryptionKey;
    const lifetimes = Object.entries({ "koji/": archiveDays, ...LIFETIMES });
    this.bucket = new Bucket(this, "Bucket", {
      ...(encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [
        ...lifetimes.map(([prefix, days]) => ({ prefix, expiration: Duration.days(days) })),
        // What a killed function left behind.
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "It holds copies of published builds for some days; the functions log what they read and write.",
    });
  }

  /** Lets a function stage archives of builds, and tells it the bucket. */
  grantStageBuilds(fn: ServiceFunction): void {
    this.#grant(fn, "koji/*", ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]);
  }

  /** Lets a function lock repositories, and tells it the bucket. */
  grantLockRepositories(fn: ServiceFunction): void {
    this.#grant(fn, "pushes/*", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]);
  }

  /** Lets a function keep answers, and tells it the bucket. */
  grantKeepAnswers(fn: ServiceFunction): void {
    this.#grant(fn, "answers/*", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]);
  }

  /** Lets a function sign forms for uploads, which act with its rights, and tells it the bucket. */
  grantTakeUploads(fn: ServiceFunction): void {
    this.#allow(fn, "uploads/*", ["s3:PutObject"]);
  }

  /** Lets a function read what was uploaded, and tells it the bucket. */
  grantReadUploads(fn: ServiceFunction): void {
    this.#grant(fn, "uploads/*", ["s3:GetObject"]);
  }

  /** Lets a function begin, do or end pushes that nobody waits for, and tells it the bucket. */
  grantOperations(fn: ServiceFunction): void {
    this.#grant(fn, "operations/*", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]);
  }

  #grant(fn: ServiceFunction, prefix: string, actions: string[]): void {
    this.#allow(fn, prefix, actions);
    // Without it S3 answers 403 for an object that is not there, and not 404.
    fn.lambda.addToRolePolicy(
      new PolicyStatement({
        actions: ["s3:ListBucket"],
        resources: [this.bucket.bucketArn],
        conditions: { StringLike: { "s3:prefix": prefix } },
      }),
    );
  }

  #allow(fn: ServiceFunction, prefix: string, actions: string[]): void {
    const resources = [this.bucket.arnForObjects(prefix)];
    fn.lambda.addToRolePolicy(new PolicyStatement({ actions, resources }));
    if (this.#encryptionKey) {
      const key = [this.#encryptionKey.keyArn];
      fn.lambda.addToRolePolicy(
        // To read an object, its key is decrypted; to write one, also made.
        new PolicyStatement({
          actions: actions.includes("s3:PutObject")
            ? ["kms:Decrypt", "kms:GenerateDataKey"]
            : ["kms:Decrypt"],
          resources: key,
        }),
      );
    }
    fn.lambda.addEnvironment("OMPS_STAGING_BUCKET", this.bucket.bucketName);
    Validations.of(fn).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${this.#logicalId()}.Arn>/${prefix}]`,
      reason: "The builds and repositories that will be pushed are not known; the prefix is the boundary.",
    });
  }

  #logicalId(): string {
    return String(this.bucket.stack.resolve(this.bucket.bucketArn)["Fn::GetAtt"][0]);
  }
}
