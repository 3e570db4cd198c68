import { Stack, Validations } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { ServiceFunction } from "./service-function.ts";

/** How the key is kept. */
export interface FingerprintKeyProps {
  /**
   * The key that encrypts it.
   *
   * @default - a key of Secrets Manager
   */
  readonly encryptionKey?: IKey;
}

/**
 * The key of the fingerprints by which the log tells one token from another: random, made once for each deployment.
 * Who can read the log cannot read the key.
 */
export class FingerprintKey extends Construct {
  readonly #secret: Secret;

  constructor(scope: Construct, id: string, { encryptionKey }: FingerprintKeyProps = {}) {
    super(scope, id);
    this.#secret = new Secret(this, "Secret", {
      description: `Key of the fingerprints of tokens in the log of ${Stack.of(this).stackName}`,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      ...(encryptionKey && { encryptionKey }),
    });
    Validations.of(this.#secret).acknowledge({
      id: "AwsSolutions-SMG4",
      reason: "It opens nothing. With a new key, the fingerprints of before could no longer be compared.",
    });
  }

  /** Gives it to a function when it is deployed, which then need not read a secret at each cold start. */
  giveTo(fn: ServiceFunction): void {
    fn.lambda.addEnvironment("OMPS_FINGERPRINT_KEY", this.#secret.secretValue.unsafeUnwrap());
  }
}
