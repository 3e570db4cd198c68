import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/deploy/**"],
    testTimeout: 30_000,
    coverage: { provider: "v8", include: ["lib/**", "functions/**"] },
  },
});
