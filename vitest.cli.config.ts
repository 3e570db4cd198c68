import { defineConfig } from "vitest/config";

/** The omps command as it is installed from its package, in processes of its own, against a running service. */
export default defineConfig({
  test: {
    globalSetup: "test/cli/global-setup.ts",
    include: ["test/cli/*.test.ts"],
    testTimeout: 60_000,
  },
});
