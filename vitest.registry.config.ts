import { defineConfig } from "vitest/config";

/** Images in a real registry, and what other clients of it and the maker of catalogs say to them. */
export default defineConfig({
  test: {
    globalSetup: "test/registry/global-setup.ts",
    include: ["test/registry/**/*.test.ts"],
    reporters: ["verbose"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
