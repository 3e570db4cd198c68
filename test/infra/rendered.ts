import type { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import * as z from "zod/mini";

const refSchema = z.object({ Ref: z.string() });
const arnSchema = z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) });
const statementSchema = z.record(z.string(), z.unknown());

const functionSchema = z.looseObject({
  Handler: z.string(),
  Role: arnSchema,
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});
const roleSchema = z.strictObject({
  AssumeRolePolicyDocument: z.object({ Statement: z.array(statementSchema) }),
});
const policySchema = z.object({
  PolicyDocument: z.object({ Statement: z.array(statementSchema) }),
  Roles: z.array(refSchema),
});
const routeSchema = z.looseObject({
  RouteKey: z.string(),
  Target: z.object({ "Fn::Join": z.tuple([z.string(), z.tuple([z.string(), refSchema])]) }),
});
const integrationSchema = z.looseObject({ IntegrationUri: arnSchema, PayloadFormatVersion: z.string() });
const stageSchema = z.looseObject({ AccessLogSettings: z.object({ Format: z.string() }) });

/** A function of the template, and what its role may do. */
export interface RenderedFunction {
  readonly properties: z.output<typeof functionSchema>;
  /** Properties of its role: no managed policy, no name. */
  readonly role: z.output<typeof roleSchema>;
  readonly statements: readonly z.output<typeof statementSchema>[];
}

/** What a stack becomes for CloudFormation, by the names that a reader knows. */
export class Rendered {
  readonly template: Template;

  constructor(stack: Stack) {
    this.template = Template.fromStack(stack);
  }

  /** The functions by their handler. */
  functions(): Record<string, RenderedFunction> {
    const roles = this.resources("AWS::IAM::Role", roleSchema);
    const policies = this.resources("AWS::IAM::Policy", policySchema).map(([, policy]) => policy);
    const all = this.resources("AWS::Lambda::Function", functionSchema).map(([, properties]) => {
      const [id] = properties.Role["Fn::GetAtt"];
      const own = policies.filter(({ Roles }) => Roles.some(({ Ref }) => Ref === id));
      const role = roleSchema.parse(new Map(roles).get(id));
      const statements = own.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      return [properties.Handler, { properties, role, statements }] as const;
    });
    return Object.fromEntries(all);
  }

  /** The handler that serves each route. */
  routes(): Record<string, string> {
    const functions = new Map(this.resources("AWS::Lambda::Function", functionSchema));
    const integrations = new Map(this.resources("AWS::ApiGatewayV2::Integration", integrationSchema));
    const all = this.resources("AWS::ApiGatewayV2::Route", routeSchema).map(([, { RouteKey, Target }]) => {
      const integration = integrations.get(Target["Fn::Join"][1][1].Ref);
      return [RouteKey, functions.get(integration?.IntegrationUri["Fn::GetAtt"][0] ?? "")?.Handler ?? "none"];
    });
    return Object.fromEntries(all);
  }

  /** The fields of a line of the access log. */
  accessLog(): Record<string, string> {
    const [stage] = this.resources("AWS::ApiGatewayV2::Stage", stageSchema);
    return z.record(z.string(), z.string()).parse(JSON.parse(stage?.[1].AccessLogSettings.Format ?? "{}"));
  }

  /** The properties of all resources of a type, with their logical IDs. */
  resources<T extends z.ZodMiniType>(type: string, schema: T): [id: string, properties: z.output<T>][] {
    const found = Object.entries(this.template.findResources(type));
    return found.map(([id, { Properties }]) => [id, schema.parse(Properties)]);
  }
}
