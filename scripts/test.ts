import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `npm test`: lint, format, then all tests on a stack of their own. The last line counts the tests; a failing check
 * counts as a failed test.
 */
async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'rewind-test-'));
  const report = join(folder, 'report.json');
  try {
    const checks = [
      await run('lint', ['node_modules/eslint/bin/eslint.js', '.']),
      await run('format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']),
    ];
    const vitest = [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ];
    const tests = await run('tests', [...vitest, ...process.argv.slice(2)]);
    const failedChecks = checks.filter((code) => code !== 0).length;
    const { passed, failed, skipped } = countsOf(report);
    const broken = failed + failedChecks + (tests !== 0 && failed === 0 ? 1 : 0);
    console.log(`${passed + checks.length - failedChecks} passed, ${broken} failed, ${skipped} skipped`);
    return broken === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(name: string, args: string[]): Promise<number> {
  console.log(`\n--- ${name}`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.once('SIGINT', forward).once('SIGTERM', forward);
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve(code ?? 1);
    });
  });
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}

function countsOf(report: string): { passed: number; failed: number; skipped: number } {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
      readFileSync(report, 'utf8'),
    ) as Report;
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  } catch (error) {
    console.error(`The test run left no report: ${(error as Error).message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

process.exit(await main());
