import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

/** Runs what is compiled, as the tests of mutations do. */
const OF_WHAT_IS_COMPILED = 'test/layouts/own-layout.test.ts';

/** Can't share a process with other files, as they do in the fast loop (`npm run test:unit`), which have loaded the module. */
const REPLACES_A_MODULE = /\bvi\.(doMock|mock)\(/;
const NO_UNIT = ['test/integration/**', 'test/mutation/**', 'test/fixtures/**', OF_WHAT_IS_COMPILED];
const alone = readdirSync(new URL('test/', import.meta.url), { recursive: true, encoding: 'utf8' })
  .map((name) => `test/${name}`)
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => REPLACES_A_MODULE.test(readFileSync(new URL(file, import.meta.url), 'utf8')));

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
          exclude: [...NO_UNIT, ...alone],
        },
      },
      { extends: true, test: { name: 'alone', include: alone, exclude: NO_UNIT } },
      {
        extends: true,
        test: {
          // Without servers as well, but not for the fast loop; it runs what is compiled.
          name: 'mutation',
          include: ['test/mutation/**/*.test.ts', OF_WHAT_IS_COMPILED],
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
