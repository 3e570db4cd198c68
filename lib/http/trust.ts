import type { SecureContext } from "node:tls";

/** CAs that are trusted beside those that Node trusts anyway. */
export class Trust {
  readonly #certificates: readonly string[];
  #context: SecureContext | undefined;

  /** @param certificates one in PEM each */
  constructor(certificates: readonly string[]) {
    this.#certificates = certificates;
  }

  /** Made once, when first needed: it takes 8 ms and loads TLS. Agents with a `ca` would make one a connection. */
  get secureContext(): SecureContext {
    const { createSecureContext, getCACertificates } = process.getBuiltinModule("node:tls");
    this.#context ??= createSecureContext({ ca: [...getCACertificates("default"), ...this.#certificates] });
    return this.#context;
  }
}
