import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Those need Lambda's runtime: npm run test:lambda.
    exclude: [...configDefaults.exclude, "test/lambda/**"],
    testTimeout: 30_000,
    coverage: { provider: "v8", include: ["lib/**", "functions/**"] },
  },
});
