import { Duration, Stack, Validations } from "aws-cdk-lib";
import {
  CfnStage,
  DomainName,
  HttpApi,
  HttpMethod,
  type HttpStage,
  LogGroupLogDestination,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import type { Code } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import * as z from "zod/mini";
import { type FunctionName, ROUTES, type Route } from "../../lib/api/index.ts";
import { AccessLog } from "./access-log.ts";
import { ServiceFunction, type ServiceFunctionOptions } from "./service-function.ts";

/** How long API Gateway waits. */
const MAX_TIMEOUT = Duration.seconds(30);

/** Answers what no route matches. */
const NOT_FOUND = "not-found";

/** How many requests are let through; the others get 429. */
export interface Throttle {
  /** Requests a second, on average. */
  readonly rateLimit: number;
  /** Requests at once, on top of an average that is not used up. */
  readonly burstLimit: number;
}

/** A name of one's own for the API. */
export interface CustomDomain {
  /** As in `omps.example.com`. */
  readonly name: string;
  /** For that name, in the region of the stack. */
  readonly certificate: ICertificate;
}

/** A release pipeline's bursts pass, and a runaway client leaves most of an account's 1000 invocations to others. */
const THROTTLE: Throttle = { rateLimit: 50, burstLimit: 100 };

/** For what makes work and is not Quay's to allow, so that it costs nobody else's pushes more than this. */
const ANONYMOUS_THROTTLE: Throttle = { rateLimit: 5, burstLimit: 10 };

/** Who has no token may validate, and nobody is asked whether the token for an upload is good. */
const ANONYMOUS_ROUTES = ["POST /v2/{organization}/validate", "POST /v2/{organization}/uploads"];

const methodSchema = z.enum(HttpMethod);

/** The API and its functions. */
export interface PushApiProps {
  /** The folder with the bundles of all functions. */
  readonly code: Code;
  /**
   * What differs from the defaults for all functions; the access log is kept and encrypted as theirs are.
   *
   * @default - the defaults of ServiceFunction
   */
  readonly functionOptions?: ServiceFunctionOptions;
  /**
   * How many requests are let through.
   *
   * @default - 50 a second, 100 at once
   */
  readonly throttle?: Throttle;
  /**
   * A name of its own; the address that AWS gives is then switched off.
   *
   * @default - the address that AWS gives
   */
  readonly domain?: CustomDomain;
}

/**
 * The front door: an HTTP API with a route for each entry of ROUTES and method. All else goes to the not-found
 * function, which answers as the contract says.
 */
export class PushApi extends Construct {
  /** Where the API is, without a slash at the end. */
  readonly url: string;
  /** What a DNS record of its own name must point to; undefined where it has none. */
  readonly domainTarget: string | undefined;
  readonly http: HttpApi;
  readonly #functions = new Map<string, ServiceFunction>();

  constructor(scope: Construct, id: string, props: PushApiProps) {
    super(scope, id);
    const { timeout } = props.functionOptions ?? {};
    if (timeout && timeout.toSeconds() > MAX_TIMEOUT.toSeconds()) {
      throw new Error(
        `A function may run for ${MAX_TIMEOUT.toSeconds()} seconds at the most, not ${timeout.toSeconds()}: API Gateway waits no longer, and a repository that is locked is taken for free by what that takes.`,
      );
    }
    for (const name of new Set([...ROUTES.map(({ serves }) => serves), NOT_FOUND])) {
      this.#functions.set(
        name,
        new ServiceFunction(this, name, { ...props.functionOptions, name, code: props.code }),
      );
    }
    this.http = new HttpApi(this, "Http", {
      apiName: Stack.of(this).stackName,
      createDefaultStage: false,
      disableExecuteApiEndpoint: props.domain !== undefined,
      defaultIntegration: this.#integration(NOT_FOUND),
    });
    for (const serves of new Set(ROUTES.map((route) => route.serves))) {
      const integration = this.#integration(serves);
      for (const { path, methods } of routesOf(serves)) {
        this.http.addRoutes({ path, methods, integration });
      }
    }
    const domain = props.domain && domainOf(this, props.domain);
    const stage = addStage(this, this.http, props, domain);
    this.url = props.domain ? `https://${props.domain.name}` : stage.url.replace(/\/$/, "");
    this.domainTarget = domain?.regionalDomainName;
    Validations.of(this).acknowledge({
      id: "AwsSolutions-APIG4",
      reason: "The caller's Quay token is the authority: it passes through, and Quay decides what it may do.",
    });
  }

  /** All functions, by name. */
  get functions(): ReadonlyMap<string, ServiceFunction> {
    return this.#functions;
  }

  /** The function of this name. */
  function(name: FunctionName | typeof NOT_FOUND): ServiceFunction {
    const found = this.#functions.get(name);
    if (!found) throw new Error(`No route is served by the function '${name}'.`);
    return found;
  }

  #integration(name: FunctionName | typeof NOT_FOUND): HttpLambdaIntegration {
    return new HttpLambdaIntegration(`${name}-integration`, this.function(name).lambda);
  }
}

function routesOf(name: FunctionName): (Pick<Route, "path"> & { methods: HttpMethod[] })[] {
  return ROUTES.filter(({ serves }) => serves === name).map(({ path, methods }) => ({
    path,
    methods: methods.map((method) => methodSchema.parse(method)),
  }));
}

function domainOf(scope: Construct, { name, certificate }: CustomDomain): DomainName {
  return new DomainName(scope, "Domain", { domainName: name, certificate });
}

function addStage(
  scope: Construct,
  api: HttpApi,
  { throttle, functionOptions = {} }: PushApiProps,
  domain: DomainName | undefined,
): HttpStage {
  const log = new AccessLog(scope, "AccessLog", functionOptions);
  const stage = api.addStage("Stage", {
    stageName: "$default",
    autoDeploy: true,
    throttle: throttle ?? THROTTLE,
    ...(domain && { domainMapping: { domainName: domain } }),
    accessLogSettings: {
      destination: new LogGroupLogDestination(log.group),
      format: log.format,
    },
  });
  const { rateLimit, burstLimit } = ANONYMOUS_THROTTLE;
  const limits = { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit };
  cfnStageOf(stage).routeSettings = Object.fromEntries(ANONYMOUS_ROUTES.map((route) => [route, limits]));
  return stage;
}

/** The construct of a stage has no way to tell routes apart. */
function cfnStageOf(stage: HttpStage): CfnStage {
  const { defaultChild } = stage.node;
  if (!(defaultChild instanceof CfnStage)) throw new TypeError("a stage is no CfnStage");
  return defaultChild;
}
