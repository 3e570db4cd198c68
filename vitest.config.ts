import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Those need more than Node: npm run test:lambda, npm run test:deploy, npm run test:bridge.
    exclude: [...configDefaults.exclude, "test/lambda/**", "test/deploy/**", "test/bridge/**"],
    testTimeout: 30_000,
    coverage: { provider: "v8", include: ["lib/**", "functions/**"] },
  },
});
