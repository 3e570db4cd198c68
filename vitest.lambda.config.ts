import { configDefaults, defineConfig } from "vitest/config";

/** The contract, and what only the runtime can show, with the bundled functions under Lambda's own runtime client. */
export default defineConfig({
  test: {
    globalSetup: "test/lambda/global-setup.ts",
    include: ["test/lambda/*.test.ts", "test/contract/*.test.ts"],
    exclude: [
      ...configDefaults.exclude,
      // These call no function: they are about the local front, the fake of Quay, and the command npm start.
      "test/contract/gateway.test.ts",
      "test/contract/quay-fake.test.ts",
      "test/contract/start.test.ts",
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
