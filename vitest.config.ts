import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Those need more than Node, or pack the package: npm run test:lambda, test:deploy, test:bridge, test:registry, test:cli, test:web.
    exclude: [
      ...configDefaults.exclude,
      ...["lambda", "deploy", "bridge", "registry", "cli", "web"].map((folder) => `test/${folder}/**`),
    ],
    // A busy machine takes long to bundle the functions.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: { provider: "v8", include: ["lib/**", "functions/**"] },
  },
});
