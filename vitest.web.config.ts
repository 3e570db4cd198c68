import { defineConfig } from "vitest/config";

/** The page in a real browser, against a real `npm start`. */
export default defineConfig({
  test: {
    globalSetup: "test/web/global-setup.ts",
    include: ["test/web/**/*.test.ts"],
    reporters: ["verbose"],
    testTimeout: 60_000,
    hookTimeout: 300_000,
  },
});
