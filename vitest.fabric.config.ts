import { defineConfig } from 'vitest/config';

const conditions = ['source', 'module', 'node', 'development|production'];

/** Tests on real Fabric networks (`npm run test:fabric`): one file after another, for each has processes and ports of its own. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['node', 'module-sync'] } },
  test: {
    include: ['tests/fabric/**/*.fabric.ts'],
    globalSetup: ['tests/fabric/shared-network.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
  },
});
