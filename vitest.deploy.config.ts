import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/deploy/**/*.test.ts"],
    reporters: ["verbose"],
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
