export type Visibility = "public" | "private";
export type RepositoryRight = "read" | "write" | "admin";
export type OAuthScope =
  | "repo:read"
  | "repo:write"
  | "repo:admin"
  | "repo:create"
  | "user:read"
  | "user:admin"
  | "org:admin";

export interface UserSeed {
  readonly name: string;
  readonly password: string;
  /** May stand in place of the name when logging in. */
  readonly email?: string;
  readonly disabled?: boolean;
}

interface RobotSeed {
  /** `organization+robot` */
  readonly name: string;
  readonly token: string;
}

interface OAuthTokenSeed {
  readonly token: string;
  /** The user in whose name the token acts. */
  readonly owner: string;
  readonly scopes: readonly OAuthScope[];
  readonly expired?: boolean;
}

/** An app-specific token: the password that goes with the user name `$app`. */
interface AppTokenSeed {
  readonly token: string;
  readonly owner: string;
}

/** Users and robots by name. Owners may do everything, creators may make repositories, members may do nothing. */
export interface OrganizationSeed {
  readonly name: string;
  readonly owners?: readonly string[];
  readonly creators?: readonly string[];
  readonly members?: readonly string[];
}

export interface ReleaseSeed {
  readonly release: string;
  /** The tar.gz; without it a gzip that names the release. */
  readonly content?: Uint8Array;
  /** helm unless told */
  readonly mediaType?: string;
  readonly pushedAt?: Date;
}

export interface RepositorySeed {
  /** `organization/repository` */
  readonly name: string;
  /** application unless told */
  readonly kind?: "application" | "image";
  /** private unless told */
  readonly visibility?: Visibility;
  readonly rights?: Readonly<Record<string, RepositoryRight>>;
  /** In the order of their push. */
  readonly releases?: readonly (string | ReleaseSeed)[];
}

/** What the registry holds before the first request. */
export interface QuaySeed {
  readonly users?: readonly UserSeed[];
  readonly robots?: readonly RobotSeed[];
  readonly oauthTokens?: readonly OAuthTokenSeed[];
  readonly appTokens?: readonly AppTokenSeed[];
  readonly organizations?: readonly OrganizationSeed[];
  readonly repositories?: readonly RepositorySeed[];
}

const PASSWORD = "password";
const robotToken = (suffix: string) => "R".repeat(60) + suffix;
const oauthToken = (name: string) => name + "x".repeat(20);

/** The state in which the recording of Quay 3.6 began. */
export const replaySeed: QuaySeed = {
  users: ["alice", "bob", "carol", "mallory"].map((name) => ({ name, password: PASSWORD })),
  robots: [
    { name: "acme+owner", token: robotToken("OWNR") },
    { name: "acme+pusher", token: robotToken("PUSH") },
    { name: "acme+puller", token: robotToken("PULL") },
  ],
  oauthTokens: [
    {
      token: oauthToken("ALICEALLSCOPES000000"),
      owner: "alice",
      scopes: ["repo:read", "repo:write", "repo:admin", "repo:create", "user:read", "org:admin"],
    },
    { token: oauthToken("ALICEREPOREAD0000000"), owner: "alice", scopes: ["repo:read"] },
    { token: oauthToken("ALICEEXPIRED00000000"), owner: "alice", scopes: ["repo:admin"], expired: true },
    { token: oauthToken("MALLORYREPOADMIN0000"), owner: "mallory", scopes: ["repo:admin", "repo:create"] },
  ],
  organizations: [
    {
      name: "acme",
      owners: ["alice", "acme+owner"],
      creators: ["bob", "acme+pusher"],
      members: ["carol"],
    },
    { name: "buynlarge" },
  ],
  repositories: [{ name: "buynlarge/orgrepo", kind: "image" }],
};
