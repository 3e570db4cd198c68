import type { EventBus } from "aws-cdk-lib/aws-events";
import { type IPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";

/**
 * Lets these put events on a bus, and do nothing else with it. Without any, the bus gets no policy: then only those of its
 * own account can, as far as their own policies let them.
 *
 * @param senders accounts, roles or users, such as the role of a bridge in another account
 */
export function letPutEvents(bus: EventBus, senders: readonly IPrincipal[]): void {
  if (senders.length === 0) return;
  bus.addToResourcePolicy(
    new PolicyStatement({
      sid: "Senders",
      actions: ["events:PutEvents"],
      principals: [...senders],
      resources: [bus.eventBusArn],
      // What is told under our own name is told by us.
      conditions: { StringEquals: { "events:source": "koji" } },
    }),
  );
}
