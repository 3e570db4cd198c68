/** A user of the registry. */
export interface Account {
  readonly username: string;
  /** Appears in no log. */
  readonly password: string;
  /** Of the password: the registry takes no other than bcrypt. */
  readonly bcrypt: string;
  /** What the user may do with a repository, where the registry asks the token server. */
  may(repository: string): readonly string[];
}

/** May do all in every repository. */
export const PUBLISHER: Account = {
  username: "publisher",
  password: "correct-horse",
  bcrypt: "$2y$04$abcdefghijklmnopqrstuuPoaPXzWjiVz4HaNq2LJXksWbO79E.S6",
  may: () => ["pull", "push", "delete"],
};

/** May only read, and only in the organization `public`. */
export const READER: Account = {
  username: "reader",
  password: "battery-staple",
  bcrypt: "$2y$04$abcdefghijklmnopqrstuuWDWzeoIYoKHaOtPwucCs2H/ubg5RJne",
  may: (repository) => (repository.startsWith("public/") ? ["pull"] : []),
};

const ACCOUNTS = [PUBLISHER, READER];

/** As the registry's file of users has it. */
export function htpasswd(): string {
  return ACCOUNTS.map(({ username, bcrypt }) => `${username}:${bcrypt}\n`).join("");
}

/** The account that a header of Basic authentication is right for. */
export function accountOf(authorization: string | undefined): Account | undefined {
  return ACCOUNTS.find((account) => basicHeader(account) === authorization);
}

export function basicHeader({ username, password }: Pick<Account, "username" | "password">): string {
  return `Basic ${basicCredentials({ username, password })}`;
}

/** `user:password` in base64, as a docker config.json has it. */
export function basicCredentials({ username, password }: Pick<Account, "username" | "password">): string {
  return Buffer.from(`${username}:${password}`).toString("base64");
}
