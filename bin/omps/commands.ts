import type { Argument, Command, Options } from "./command.ts";

const PACKAGE: Argument = { name: "dir or zip", offers: "files" };
const VERSION: Argument = { name: "version", optional: true };
const REPOSITORY: Argument = { name: "repository" };

const PUSH_OPTIONS: Options = {
  repository: { type: "string", value: "NAME", help: "the repository; else the package's packageName" },
  wait: { type: "boolean", help: "have it queued, and show its steps until it has ended" },
  async: { type: "boolean", help: "have it queued, print the operation's ID, and end" },
};

/** All commands. What one does is loaded when it runs: the list alone is all that a help text needs. */
export const COMMANDS: readonly Command[] = [
  {
    name: "validate",
    summary: "what a push would do, and what it would be refused for",
    help: `
Has the server judge a package: the verdict, each error and warning with its file and what to do, what would be
pushed, and what the organization's settings rewrite. Nothing is pushed. With a token the next version is told too.
A build needs a token, and so does an archive above 2 MiB, which is uploaded first.`,
    arguments: [{ ...PACKAGE, optional: true }],
    options: { koji: { type: "string", value: "NVR", help: "judge this build instead of files" } },
    run: async (call) => (await import("./validate.ts")).validate(call),
  },
  {
    name: "push",
    summary: "pushes a directory or a zip as a release",
    help: `
Zips a directory (without .git; the package file is at its root), or takes a zip, and has it published. Without a
version the server takes the next one. Above 2 MiB it is uploaded to S3 first. What fails in passing is tried again as
the same push, by its Idempotency-Key, so nothing is published twice.`,
    arguments: [PACKAGE, VERSION],
    options: PUSH_OPTIONS,
    run: async (call) => (await import("./push.ts")).push(call),
  },
  {
    name: "push-koji",
    summary: "pushes the manifests of a Koji build",
    help: `
Has the server fetch the manifests of the build with this name-version-release from Koji, and publish them. Without a
version the server takes the next one. What fails in passing is tried again as the same push.`,
    arguments: [{ name: "nvr" }, VERSION],
    options: PUSH_OPTIONS,
    run: async (call) => (await import("./push-koji.ts")).pushKoji(call),
  },
  {
    name: "delete",
    summary: "deletes a release, or all with --all",
    help: `
Deletes one release of a repository, or each with --all. The repository stays.`,
    arguments: [REPOSITORY, VERSION],
    options: { all: { type: "boolean", help: "delete each release of the repository" } },
    run: async (call) => (await import("./releases.ts")).deleteReleases(call),
  },
  {
    name: "releases",
    summary: "lists the releases of a repository",
    help: `
Prints the releases as a table, the highest version first: all of them, or so many as --limit says. With --json it
prints one page as the server gave it; its "next" has what --after has to be for the page behind it.`,
    arguments: [REPOSITORY],
    options: {
      limit: { type: "string", value: "N", help: "one page of at most so many, from 1 to 100" },
      after: { type: "string", value: "VERSION", help: "only those behind this one" },
    },
    run: async (call) => (await import("./releases.ts")).releases(call),
  },
  {
    name: "status",
    summary: "how the server is, or how a queued push goes",
    help: `
Without an ID: the version of the server, and whether the services work that it needs. With --json that is
{"about": …, "health": …}. With the ID of an operation: how that push goes, or how it has ended.`,
    arguments: [{ name: "operation", optional: true }],
    options: { wait: { type: "boolean", help: "show the steps of the operation until it has ended" } },
    run: async (call) => (await import("./status.ts")).status(call),
  },
  {
    name: "login",
    summary: "stores a token for the server",
    help: `
Asks for the password of a robot account (org+robot), without showing it, or reads it from stdin, and stores Quay's
token for it. A whole token ("basic …") is taken as it is, and needs no user. It is stored for this server in
omps/credentials.json, which only you can read. The server is not asked: the first push tells whether it is right.

  omps login --server https://omps.example.com acme+pusher
  omps login --server https://omps.example.com acme+pusher < password-file`,
    arguments: [{ name: "user", optional: true }],
    options: {},
    run: async (call) => (await import("./login.ts")).login(call),
  },
  {
    name: "logout",
    summary: "forgets the token for the server",
    help: `
Takes the token of this server out of omps/credentials.json.`,
    arguments: [],
    options: {},
    run: async (call) => (await import("./login.ts")).logout(call),
  },
  {
    name: "completion",
    summary: "prints the completion for bash or zsh",
    help: `
Prints a script that lets the shell complete commands and options:

  eval "$(omps completion bash)"`,
    arguments: [{ name: "shell", offers: ["bash", "zsh"] }],
    options: {},
    run: async (call) => (await import("./completion.ts")).completion(call),
  },
];
