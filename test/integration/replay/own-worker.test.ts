// The two files of README that put replays into a Worker of somebody else's: taken from there, compiled, and run against
// real servers as the package is installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { projectRoot } from '../../../scripts/stack/project-root.ts';
import { stackEnvironment } from '../../../scripts/stack/stack-addresses.ts';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive } from '../../support/test-archive.ts';

let harness: ReplayHarness;
beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
});
afterAll(() => harness.close());

/** The code block behind a file's name in README. */
function fileInReadme(name: string): string {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const [, code] = new RegExp(`\`${name}\`[^\`]*:\\n\\n\`\`\`ts\\n([^]*?)\`\`\``).exec(readme) ?? [];
  if (code === undefined) throw new Error(`README has no file ${name}`);
  return code;
}

/** A project that has installed this package. */
function installed(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rewind-own-worker-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(projectRoot, join(folder, 'node_modules', 'rewind'));
  symlinkSync(join(projectRoot, 'node_modules', '@temporalio'), join(folder, 'node_modules', '@temporalio'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  for (const [name, code] of Object.entries(files))
    writeFileSync(join(folder, name.replace(/\.ts$/, '.js')), ts.transpileModule(code, { compilerOptions }).outputText);
  return folder;
}

test('the two files of README are a worker that replays', async () => {
  const code = fileInReadme('worker.ts').replace("taskQueue: 'rewind'", `taskQueue: '${harness.taskQueue}'`);
  const folder = installed({ 'workflows.ts': fileInReadme('workflows.ts'), 'worker.ts': code });
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const worker = spawn(process.execPath, [join(folder, 'worker.js')], {
    env: { ...process.env, ...stackEnvironment(inject('stack')) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(worker, 'exit');
  onTestFinished(async () => {
    worker.kill('SIGTERM');
    await ended;
  });
  const { job, replayTopic, archive } = await writeTestArchive(harness, { records: 600 });
  const result = await Promise.race([harness.replay(job), ended.then(() => undefined)]);
  expect(result?.records.published).toBe('600');
  await expectReplayed(harness, replayTopic, archive.truth());
});
