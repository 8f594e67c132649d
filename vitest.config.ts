import { defineConfig } from 'vitest/config';

/** Can't share a process with other files, as they do in the fast loop (`npm run test:unit`). */
const REPLACES_A_MODULE = 'test/layouts/own-layout.test.ts';

// Temporal's native worker crashes under threads: every test file has a process of its own.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 300_000,
    // What is polled for is waited for: on a busy machine a second is nothing.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/integration/**', 'test/mutation/**', 'test/fixtures/**', REPLACES_A_MODULE],
        },
      },
      {
        extends: true,
        test: {
          // Without servers as well, but not for the fast loop; it runs what is compiled.
          name: 'mutation',
          include: ['test/mutation/**/*.test.ts', REPLACES_A_MODULE],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/support/stack-setup.ts'],
          // For what hangs: on a slow machine nothing else should take as long.
          testTimeout: 600_000,
        },
      },
    ],
  },
});
