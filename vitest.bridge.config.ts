import { defineConfig } from "vitest/config";

/** The bridge against a real broker, which is taken from Debian. */
export default defineConfig({
  test: {
    include: ["test/bridge/**/*.test.ts"],
    // One after the other: each has a broker of its own, and two would install it twice.
    fileParallelism: false,
    reporters: ["verbose"],
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
