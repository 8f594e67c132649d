// The package as somebody installs it: packed, installed into an empty project beside a Worker of their own, README's
// files compiled there and run against real servers, and the command `rewind` run from there.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { projectRoot } from '../../../scripts/stack/project-root.ts';
import { stackEnvironment } from '../../../scripts/stack/stack-addresses.ts';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { numbered, RangesHarness } from '../../support/ranges-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';
import { writeTestArchive } from '../../support/test-archive.ts';

let harness: ReplayHarness;
let folder: string;

beforeAll(async () => {
  harness = await ReplayHarness.open(inject('stack'));
  folder = mkdtempSync(join(tmpdir(), 'rewind-installed-'));
  // The build is that of this run: what `prepack` would do is done.
  const [tarball] = run(projectRoot, 'npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder])
    .trim()
    .split('\n')
    .slice(-1);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'somebody', private: true, type: 'module' }));
  for (const [, command = ''] of readme(/^npm install (.+)$/gm)) {
    const packages = command.split(' ').map((name) => (name === 'kafka-rewind' ? `./${tarball}` : pinned(name)));
    run(folder, 'npm', ['install', ...packages, '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']);
  }
  for (const name of ['tsconfig.json', 'workflows.ts']) writeFileSync(join(folder, name), fileInReadme(name));
  writeFileSync(join(folder, 'functions.ts'), FUNCTIONS);
  const worker = fileInReadme('worker.ts').replace("taskQueue: 'rewind'", `taskQueue: '${harness.taskQueue}'`);
  writeFileSync(join(folder, 'worker.ts'), worker);
}, 600_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await harness.close();
});

function readme(pattern: RegExp): RegExpExecArray[] {
  return [...readFileSync(join(projectRoot, 'README.md'), 'utf8').matchAll(pattern)];
}

/** The code block behind a file's name in README. */
function fileInReadme(name: string): string {
  const [found] = readme(new RegExp(`\`${name}\`[^\`]*:\\n\\n\`\`\`\\w+\\n([^]*?)\`\`\``, 'g'));
  if (found?.[1] === undefined) throw new Error(`README has no file ${name}`);
  return found[1];
}

/** A package in the version that this project is tested with. */
function pinned(name: string): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'node_modules', name, 'package.json'), 'utf8')) as {
    version: string;
  };
  return `${name}@${version}`;
}

function run(cwd: string, command: string, args: string[]): string {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8', env: environment() });
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** That of a user's shell: nothing of the npm run that this test may be part of. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST)/.test(name));
  return { ...Object.fromEntries(own), ...stackEnvironment(inject('stack')), REWIND_TASK_QUEUE: harness.taskQueue };
}

function startProcess(args: string[], more: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...environment(), ...more },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return ended;
}

/** Functions over ranges as a user writes them, by the types that the package exports. */
const FUNCTIONS = `import type { FinishFunction, FunctionsModule, RangeFunction } from 'kafka-rewind';

interface Counted {
  bytes: number;
}

const count: RangeFunction<Counted> = async ({ first, next }, records, { signal, heartbeat }) => {
  let bytes = 0;
  for await (const batch of records) {
    signal.throwIfAborted();
    for (const { offset, value } of batch) if (offset >= first && offset < next) bytes += value?.length ?? 0;
    heartbeat();
  }
  return { bytes };
};

const sum: FinishFunction<Counted> = async (summaries, { job }) => {
  let bytes = 0;
  for await (const { summary } of summaries) bytes += summary.bytes;
  return { job, bytes };
};

// @ts-expect-error a summary is of its type
export const wrong: RangeFunction<Counted> = () => ({ bites: 1 });

export const range = { count };
export const finish = { sum };
export const whole: FunctionsModule = { range, finish };
`;

/** The functions of docs/ranges.md, which are JavaScript with types in comments. */
const DOCUMENTED = /^```js\n(\/\/ functions\.js[^]*?)```/m.exec(
  readFileSync(join(projectRoot, 'docs', 'ranges.md'), 'utf8'),
)?.[1];

const REWIND = join('node_modules', '.bin', 'rewind');

test('README compiles as a user compiles it, and its two files are a worker that replays', async () => {
  const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
  run(folder, process.execPath, [tsc]);
  // So do others who have a bundler, and check the types of JavaScript.
  writeFileSync(join(folder, 'documented.js'), DOCUMENTED!);
  const bundled = ['--module', 'esnext', '--moduleResolution', 'bundler', '--checkJs'];
  run(folder, process.execPath, [tsc, '--noEmit', ...bundled]);
  const ended = startProcess(['worker.js']);
  const { job, replayTopic, archive } = await writeTestArchive(harness, { records: 600 });
  const result = await Promise.race([harness.replay(job), ended.then(() => undefined)]);
  expect(result?.records.published).toBe('600');
  await expectReplayed(harness, replayTopic, archive.truth());
});

test('functions over ranges that were typed and compiled there run there', async () => {
  void startProcess([REWIND, 'worker'], { REWIND_FUNCTIONS: 'functions.js' });
  const ranges = new RangesHarness(harness);
  onTestFinished(() => ranges.close());
  const topic = ranges.topics.topic('installed');
  await ranges.topics.createTopic(topic);
  await ranges.topics.produce(topic, numbered(100));
  const bytes = numbered(100).reduce((sum, { value }) => sum + value.length, 0);
  const inputs = [{ topic, group: `group-${topic}`, function: 'count' }];
  const { job, finished } = await ranges.run(ranges.job({ inputs, finish: 'sum' }));
  expect(finished).toEqual({ job, bytes });
});

test('the command `rewind` serves and replays from there', async () => {
  const ended = startProcess([REWIND, 'worker']);
  const { job, replayTopic, archive } = await writeTestArchive(harness, { records: 300 });
  writeFileSync(join(folder, 'job.json'), JSON.stringify(job));
  const child = spawn(process.execPath, [REWIND, 'replay', 'job.json', '--watch'], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  expect(await Promise.race([once(child, 'exit'), ended])).toEqual([0, null]);
  await expectReplayed(harness, replayTopic, archive.truth());
});

test('`rewind stack` works there, with its data in the folder that it was called in', () => {
  const asked = spawnSync(process.execPath, [REWIND, 'stack', 'status', '--name', 'nothing'], {
    cwd: folder,
    encoding: 'utf8',
    env: environment(),
  });
  expect(asked.stderr).toBe(
    `There is no stack nothing (${join(folder, '.stack', 'nothing')}): start it with npx rewind stack up --name nothing\n`,
  );
  expect(asked.status).toBe(1);
});

/** A second copy of @temporalio/workflow that only this package sees, as npm leaves it under --force. */
function secondCopy(version: string): string {
  const own = join(folder, 'node_modules', 'kafka-rewind', 'node_modules', '@temporalio', 'workflow');
  cpSync(join(folder, 'node_modules', '@temporalio', 'workflow'), own, { recursive: true });
  onTestFinished(() => rmSync(join(folder, 'node_modules', 'kafka-rewind', 'node_modules'), { recursive: true }));
  const manifest = join(own, 'package.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"version": "[^"]+"/, `"version": "${version}"`));
  return own;
}

test("a second copy of Temporal's packages is told when a worker starts, of one's own or not", () => {
  const own = secondCopy('1.20.3');
  for (const args of [['worker.js'], [REWIND, 'worker']]) {
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: environment() });
    expect(status).toBe(1);
    expect(stderr).toContain(`@temporalio/workflow 1.20.3 in ${own}`);
    expect(stderr).toContain('Install one version of all: npm install @temporalio/activity@^');
  }
});

test('and ends the job of a worker that has the workflows alone, instead of letting it run for ever', async () => {
  secondCopy('1.20.3');
  const withoutPlugin = fileInReadme('worker.ts')
    .replace("taskQueue: 'rewind'", `taskQueue: '${harness.taskQueue}'`)
    .replace(/^.*(RewindPlugin }|RewindPlugin\(\)).*$/gm, '');
  writeFileSync(join(folder, 'workflows-only.js'), withoutPlugin);
  void startProcess(['workflows-only.js']);
  const failure = await harness.failure({ topic: 'nothing' } as never);
  expect(failure.type).toBe('rewind.two-temporal-sdks');
});
