import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import type { ServiceFunction } from "./service-function.ts";

/** What a token is encrypted for, and nothing else is done with the key. */
const FOR_AN_OPERATION = { "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": "operation" } };

/**
 * The key that encrypts the tokens of pushes that nobody waits for. It is one of its own, also where the deployment has
 * a key: all functions may decrypt with that one. What it encrypts lasts for a day.
 */
export class TokenKey extends Construct {
  readonly #key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#key = new Key(this, "Key", {
      description: `Tokens of pushes that ${Stack.of(this).stackName} has not done yet`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Lets a function encrypt tokens, and tells it the key. */
  grantEncrypt(fn: ServiceFunction): void {
    this.#grant(fn, "kms:Encrypt");
  }

  /** Lets a function decrypt tokens, and tells it the key. */
  grantDecrypt(fn: ServiceFunction): void {
    this.#grant(fn, "kms:Decrypt");
  }

  #grant(fn: ServiceFunction, action: string): void {
    const resources = [this.#key.keyArn];
    fn.lambda.addToRolePolicy(
      new PolicyStatement({ actions: [action], resources, conditions: FOR_AN_OPERATION }),
    );
    fn.lambda.addEnvironment("OMPS_TOKEN_KEY", this.#key.keyArn);
  }
}
