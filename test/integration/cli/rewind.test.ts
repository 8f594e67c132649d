// The command `rewind` as the person on call uses it, against real servers and a real worker: every command, what it
// prints for people and for machines, and what a shell learns from its exit code.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../../activities/replay/job/search-attribute-names.ts';
import { expectReplayed } from '../../support/expect-replayed.ts';
import { expectedOffsets, zooKeeperOffsets } from '../../support/group-offsets.ts';
import { writeTestArchive, type TestArchive } from '../../support/test-archive.ts';
import { OneWorker } from '../replay/one-worker.ts';
import { COMMAND, runRewind, type Ran } from './run-rewind.ts';

const shared = new OneWorker({ REWIND_SLICE_MS: '2000', REWIND_HEARTBEAT_TIMEOUT_MS: '1000' });
const RECORDS = 2_000;
const ANSI = /\u001b\[/;

let folder: string;
let made: TestArchive;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rewind-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  made = await writeTestArchive(shared.harness, { records: RECORDS });
});

const rewind = (args: string[], options: Parameters<typeof runRewind>[2] = {}): Promise<Ran> =>
  runRewind(shared.harness, args, options);

async function jobFile(job: object = {}): Promise<string> {
  const path = join(folder, `${made.topic}.json`);
  await writeFile(path, JSON.stringify({ ...made.job, staging: `${shared.harness.folder}/staging`, ...job }));
  return path;
}

function json(ran: Ran): Record<string, unknown> {
  return JSON.parse(ran.out) as Record<string, unknown>;
}

/** A replay that publishes slowly, and is in the middle of it. */
async function slowReplay(id: string): Promise<void> {
  expect(await rewind(['replay', await jobFile({ rate: { records: 40 } }), '--id', id])).toMatchObject({ code: 0 });
  for (;;) {
    const { progress } = json(await rewind(['status', id, '--json'])) as {
      progress?: { records: { published: string } };
    };
    if (Number(progress?.records.published ?? 0) > 0) return;
  }
}

/** Two lines, no stack trace. */
function expectTwoLines({ err }: Ran, first: RegExp): void {
  const lines = err.trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(first);
  expect(err).not.toMatch(/\n\s+at /);
}

describe('rewind replay', () => {
  test('--watch shows progress line by line where nobody sees a terminal, then the result', async () => {
    const ran = await rewind(['replay', await jobFile(), '--watch']);
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toMatch(new RegExp(`^topic +${made.topic}$`, 'm'));
    expect(ran.out).toMatch(/^records published +2 000$/m);
    expect(ran.out + ran.err).not.toMatch(ANSI);
    // However fast a step was, what is shown of it before another one is its end. (Of the very last one a worker has to
    // answer in time: test/cli/watch-replay.test.ts.)
    const told = [...ran.err.matchAll(/^(\w+)(?:$| {2}(?:\[([#.]+)\])?)/gm)].map(([, step, bar]) => ({ step, bar }));
    for (const [at, { step, bar }] of told.slice(0, -1).entries())
      if (bar !== undefined && told[at + 1]!.step !== step) expect(bar, step).toMatch(/^#+$/);
    await expectReplayed(shared.harness, made.replayTopic, made.archive.truth());
  });

  test('--wait --json from standard input prints the result as one document', async () => {
    const job = JSON.stringify({ ...made.job, staging: `${shared.harness.folder}/staging` });
    const ran = await rewind(['replay', '-', '--wait', '--json'], { input: job });
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(json(ran)).toMatchObject({ replayTopic: made.replayTopic, records: { published: String(RECORDS) } });
  });

  test('a job that fails is exit code 1, one with wrong fields is 2; both in two lines', async () => {
    const missing = await rewind(['replay', await jobFile({ archive: { dest: '/nowhere' } }), '--wait']);
    expect(missing.code).toBe(1);
    expectTwoLines(missing, /^rewind: No file to replay matches \/nowhere\/.*nearest folder that exists is \//);
    expect(missing.err).toContain('rewind.job.no-input-files (docs/errors.md)');
    const wrong = await rewind([
      'replay',
      await jobFile({ topik: 'x', order: 'size' }),
      '--wait',
      '--id',
      'wrong-fields',
    ]);
    expect(wrong.code).toBe(2);
    expectTwoLines(wrong, /2 wrong fields.*order: .*topik: there is no such field/);
  });

  test('a second one with the same id is refused while the first one runs', async () => {
    const id = `twice-${made.topic}`;
    await slowReplay(id);
    const second = await rewind(['replay', await jobFile(), '--id', id]);
    expect(second.code).toBe(2);
    expectTwoLines(second, new RegExp(`A job with the id ${id} is running already`));
    await rewind(['cancel', id]);
  });
});

describe('a replay that runs', () => {
  test('is paused, shown, resumed, slowed down and cancelled, and taken up to its end', async () => {
    const id = `steered-${made.topic}`;
    await slowReplay(id);
    const paused = await rewind(['pause', id, '--json']);
    expect(paused.code).toBe(0);
    expect(json(paused)).toMatchObject({ progress: { status: 'paused', step: 'publish' } });
    // Temporal listed the steps of that status before the workflow was asked: the slice that ended may still be among them.
    expect(json(await rewind(['status', id, '--json']))).toMatchObject({ activities: [] });
    expect((await rewind(['status', id])).out).toMatch(/^status +paused, step publish$/m);
    const early = await rewind(['result', id]);
    expect(early.code).toBe(5);
    expectTwoLines(early, /has not ended yet/);
    expect(await rewind(['resume', id])).toMatchObject({ code: 0, out: `${id} goes on\n` });
    expect((await rewind(['rate', id, '--records', '30', '--bytes', '5MB', '--json'])).out).toContain(
      '"bytes": 5000000',
    );
    const cancelled = await rewind(['cancel', id]);
    expect(cancelled.code).toBe(0);
    expect(cancelled.out).toMatch(/^status +cancelled$/m);
    expect(cancelled.out).toContain(`rewind resume ${id} takes it up where it stopped.`);
    const watched = await rewind(['status', id, '--watch']);
    expect(watched.code).toBe(3);
    expectTwoLines(watched, /The replay was cancelled/);
    const resumed = await rewind(['resume', id]);
    expect(resumed.out).toContain('was cancelled, and goes on where it stopped');
    expect((await rewind(['rate', id, '--none'])).code).toBe(0);
    expect((await rewind(['status', id, '--watch'])).code).toBe(0);
    const again = await rewind(['resume', id]);
    expect(again.code).toBe(2);
    expectTwoLines(again, /has succeeded: there is nothing to resume/);
    await expectReplayed(shared.harness, made.replayTopic, made.archive.truth());
  });

  test('stands in the list, with its topic and the workers that there are', async () => {
    const id = `listed-${made.topic}`;
    await rewind(['replay', await jobFile(), '--id', id, '--wait']);
    // Visibility is a moment behind.
    let list: { workers: number; workflows: { workflowId: string }[] };
    do list = json(await rewind(['status', '--json', '--limit', '50'])) as typeof list;
    while (!list.workflows.some(({ workflowId }) => workflowId === id));
    expect(list.workers).toBe(1);
    expect(list.workflows.find(({ workflowId }) => workflowId === id)).toMatchObject({
      status: 'completed',
      topic: made.topic,
      replayTopic: made.replayTopic,
    });
    expect((await rewind(['status'])).out).toContain('1 worker on the task queue');
  });

  test('stands in the list, plans do not, unless they are asked for', async () => {
    expect((await rewind(['plan', await jobFile()])).code).toBe(0);
    let plans: { workflowId: string }[];
    do
      ({ workflows: plans } = json(await rewind(['status', '--kind', 'plan', '--json'])) as {
        workflows: typeof plans;
      });
    while (!plans.some(({ workflowId }) => workflowId.startsWith(`plan-${made.topic}-`)));
    const { workflowId } = plans.find((each) => each.workflowId.startsWith(`plan-${made.topic}-`))!;
    const described = await shared.harness.client.workflow.getHandle(workflowId).describe();
    expect(described).toMatchObject({ type: 'replayPlan' });
    expect(Number(described.raw.executionConfig?.workflowExecutionTimeout?.seconds)).toBe(3_600);
    expect((await rewind(['result', workflowId])).out).toContain(made.topic);
    const { workflows } = json(await rewind(['status', '--json', '--limit', '50'])) as {
      workflows: { kind: string }[];
    };
    expect(workflows.map(({ kind }) => kind)).not.toContain('plan');
  });

  test('and has ended is shown with its result, up to where consumers drain it', async () => {
    const id = `shown-${made.topic}`;
    await rewind(['replay', await jobFile(), '--id', id, '--wait']);
    const late = await rewind(['rate', id, '--none']);
    expect(late.code).toBe(2);
    expectTwoLines(late, new RegExp(`^rewind: ${id} has ended already`));
    const { out } = await rewind(['status', id]);
    expect(out).toMatch(/^status +completed$/m);
    expect(out).toMatch(/^partition +records +first offset +last offset +aborted$/m);
    expect(json(await rewind(['status', id, '--json']))).toMatchObject({
      result: { records: { published: String(RECORDS) }, timeUnit: 'millis' },
    });
    const shown = await rewind(['result', id]);
    expect(shown.out).toMatch(/^partition +records +first offset +last offset +aborted$/m);
    expect(shown.out).toContain(`kafka-console-consumer.sh --bootstrap-server $BROKERS --topic ${made.replayTopic} `);
    expect(json(await rewind(['result', id, '--json']))).toMatchObject({ records: { published: String(RECORDS) } });
  });

  test('and has failed is shown with its error, and what helps', async () => {
    const id = `failed-${made.topic}`;
    await rewind(['replay', await jobFile({ archive: { dest: '/nowhere' } }), '--id', id, '--wait']);
    const { out, code } = await rewind(['status', id]);
    expect(code).toBe(0);
    expect(out).toMatch(/^error +No file to replay matches \/nowhere/m);
    expect(out).toMatch(new RegExp(`^what to do +.*start it anew; or, .*rewind resume ${id}`, 'm'));
    const shown = await rewind(['result', id]);
    expect(shown.code).toBe(1);
    expectTwoLines(shown, /No file to replay matches/);
  });
});

test('rewind clean removes the staging of a replay that has ended, not of one that runs', async () => {
  const id = `cleaned-${made.topic}`;
  await slowReplay(id);
  const refused = await rewind(['clean', id]);
  expect(refused.code).toBe(1);
  expectTwoLines(refused, /is in use: the job is running/);
  await rewind(['cancel', id]);
  const { removed, staging } = json(await rewind(['clean', id, '--json']));
  expect(removed).toBe(true);
  expect(await shared.harness.store.status(staging as string)).toBeUndefined();
});

test('rewind offsets commits the offsets and publishes nothing', async () => {
  const { harness } = shared;
  const group = `offsets-${made.topic}`;
  const path = await jobFile({ offsets: { group, outsideLiveRange: 'report' } });
  const ran = await rewind(['offsets', path, '--wait']);
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.out).toMatch(/^offsets +ZooKeeper: committed, Kafka: none$/m);
  expect(await zooKeeperOffsets(harness, group, made.topic)).toEqual(expectedOffsets(made.archive));
});

test('rewind schedule creates a Schedule, once', async () => {
  const id = `nightly-${made.topic}`;
  const args = [
    'schedule',
    await jobFile(),
    '--id',
    id,
    '--cron',
    '15 2 * * *',
    '--time-zone',
    'Europe/Berlin',
    '--paused',
  ];
  const ran = await rewind([...args, '--json']);
  expect(ran).toMatchObject({ code: 0 });
  const { next } = json(ran) as { next: string[] };
  expect(next).toHaveLength(3);
  for (const at of next) expect(at).toMatch(/T0[01]:15:00/); // 02:15 in Berlin
  // The list says that it starts nothing, and how it goes on; and so does the doctor. Visibility is a moment behind.
  type Listed = { scheduleId: string; paused: boolean; workflow: string };
  await expect
    .poll(async () => (json(await rewind(['status', '--json'])) as { schedules: Listed[] }).schedules)
    .toContainEqual(expect.objectContaining({ scheduleId: id, paused: true, workflow: 'replay' }));
  const { out } = await rewind(['status']);
  expect(out).toMatch(new RegExp(`^${id} +replay +PAUSED`, 'm'));
  expect(out).toContain(`temporal schedule toggle --schedule-id ${id} --unpause`);
  const again = await rewind(args);
  expect(again.code).toBe(2);
  expectTwoLines(again, /There is a Schedule .* already/);
  await shared.harness.client.schedule.getHandle(id).delete();
  expectTwoLines(await rewind(['schedule', await jobFile(), '--id', id]), /When is the job to start/);
});

test('rewind register is done once and finds it done the next time', async () => {
  await rewind(['register']);
  const again = await rewind(['register', '--json']);
  expect(again.code).toBe(0);
  expect(json(again)).toMatchObject({ registered: [], present: [...SEARCH_ATTRIBUTES] });
});

describe('what goes wrong', () => {
  test.each<[string, string[], number, RegExp]>([
    ['an unknown command', ['replya'], 2, /Unknown command 'replya'/],
    ['an unknown option', ['status', '--colour'], 2, /Unknown option '--colour'/],
    ['a missing argument', ['pause'], 2, /Missing required argument 'id'/],
    ['a rate that is none', ['rate', 'x', '--records', 'many'], 2, /expected a whole number/],
    ['a size that is none', ['rate', 'x', '--bytes', '5 parsecs'], 2, /expected a size such as/],
    ['no rate', ['rate', 'x'], 2, /No limit was given/],
    ['a replay that is not there', ['status', 'no-such-replay'], 2, /There is no such job/],
    ['a replay to pause that is not there', ['pause', 'no-such-replay'], 2, /There is no such job/],
    ['a file that is not there', ['replay', '/no/such/file.json'], 2, /can't be read/],
    [
      'a server that is not there',
      ['status', '--address', '127.0.0.1:1'],
      4,
      /Temporal can't be reached at 127\.0\.0\.1:1/,
    ],
    ['a namespace that is not there', ['status', '--namespace', 'nope'], 4, /has no namespace nope/],
    ['a profile that is not there', ['status', '--profile', 'nobody'], 2, /Temporal's configuration can't be used/],
  ])('%s: two lines and its exit code', async (_, args, code, first) => {
    const ran = await rewind(args);
    expect(ran.code).toBe(code);
    expect(ran.out).toBe('');
    expectTwoLines(ran, first);
  });

  test('JSON that is none is named by line and column', async () => {
    const ran = await rewind(['replay', '-'], { input: '{\n  "topic": "events",\n  "archive" {}\n}' });
    expect(ran.code).toBe(2);
    expectTwoLines(ran, /standard input is no JSON at line 3, column 13/);
    expectTwoLines(await rewind(['plan', '-'], { input: '[]' }), /holds a list, expected a JSON object/);
  });

  test('errors are JSON for machines', async () => {
    const ran = await rewind(['status', 'no-such-replay', '--json']);
    const { error } = JSON.parse(ran.err) as { error: { exitCode: number; remedy: string } };
    expect(error.exitCode).toBe(2);
    expect(error.remedy).toContain('rewind status');
  });

  test('a task queue that nobody serves is told at once, of a job that is started, goes on or is taken up', async () => {
    const idle = `idle-${made.topic}`;
    const job = await jobFile();
    const handle = shared.harness.client.workflow.getHandle(idle);
    const told = async (args: string[], input?: string): Promise<void> => {
      const ran = await rewind(args, { ...(input !== undefined && { input }) });
      expect(ran).toMatchObject({
        code: 0,
        err: expect.stringContaining(`No worker serves the task queue ${idle}`) as string,
      });
    };
    await told(['replay', job, '--id', idle, '--task-queue', idle]);
    await told(['resume', idle]);
    await handle.terminate();
    const takeUp = { ...(JSON.parse(await readFile(job, 'utf8')) as object), takeUp: `${idle}/run-1` };
    await told(['resume', idle, '--job', '-'], JSON.stringify(takeUp));
    await handle.terminate();
  });
});

test('every command has help with an example, and the version is that of the package', async () => {
  const { out } = await rewind(['--help']);
  const commands = [...out.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name).filter((name) => name !== 'help');
  expect(commands).toEqual([
    ...['archive', 'archive-plan', 'archive-finish', 'ranges', 'plan', 'replay', 'status', 'result', 'drain', 'verify'],
    ...['pause', 'resume', 'rate', 'cancel', 'offsets', 'clean', 'schedule', 'register', 'doctor', 'worker', 'stack'],
  ]);
  for (const name of commands.filter((each) => each !== 'stack')) {
    const help = await rewind([name!, '--help']);
    expect(help.code).toBe(0);
    expect(help.out).toMatch(new RegExp(`Example:\\n.*rewind ${name}`));
  }
  expect((await rewind(['stack', '--help'])).out).toContain('npm run stack -- up');
  expect((await rewind(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('a reader that has seen enough, such as head, ends a command without a word', async () => {
  const child = spawn(process.execPath, [COMMAND, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [err, code] = await Promise.all([text(child.stderr), ended]);
  expect({ err, code }).toEqual({ err: '', code: 141 });
});

test('so does one that reads what a command says beside its result', async () => {
  const child = spawn(process.execPath, [COMMAND, 'status', '--address', '127.0.0.1:1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.destroy();
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, code] = await Promise.all([text(child.stdout), ended]);
  expect({ out, code }).toEqual({ out: '', code: 141 });
});
