import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/deploy/**/*.test.ts"],
    // One after the other: each has an AWS of its own, and two would install it twice.
    fileParallelism: false,
    reporters: ["verbose"],
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
