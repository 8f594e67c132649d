// A job that a command follows to its end: what it prints last, and what it ends with where it got no answer.
import { WorkflowFailedError, type Client } from '@temporalio/client';
import { RetryState, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EXIT } from '../../cli/exit-code.ts';
import { Output } from '../../cli/output.ts';
import { planOf } from '../../cli/plan-of.ts';
import { watchReplay } from '../../cli/watch-replay.ts';
import { progressAtFirst } from '../../workflows/replay/progress.ts';

let printed: string[];
beforeEach(() => {
  printed = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
});

const publishing = (published: number): object => ({
  ...progressAtFirst({ topic: 'events' }, 'w/r', 0),
  status: 'running',
  step: published === 2000 ? 'done' : 'publish',
  records: { decoded: 2000, published: String(published), total: '2000' },
});

const FULL = `publish  [${'#'.repeat(30)}]  2 000 of 2 000 records`;

/** A job that ends after its status was asked for once; or one that had ended before. */
class Job {
  readonly started: { type: string; options: Record<string, unknown> }[] = [];
  /** The look after which it ends. */
  endsAt = 1;
  /** Steps that wait, as Temporal tells them at each look. */
  pending: (look: number) => object[] = () => [];
  #asked = 0;
  #end: () => void = () => undefined;
  readonly #ended = new Promise<void>((resolve) => (this.#end = resolve));
  readonly #looked: (time: number) => Promise<void>;
  readonly #result: () => Promise<unknown>;

  readonly #looksRunning: number;

  constructor(looked: (time: number) => Promise<void>, result: () => Promise<unknown>, looksRunning = 1) {
    this.#looksRunning = looksRunning;
    this.#looked = looked;
    this.#result = result;
  }

  /** Temporal's client as far as it is asked. */
  client(): Client {
    const handle = {
      workflowId: 'w',
      describe: () => this.#describe(),
      query: async () => publishing(this.#asked <= this.endsAt || this.#looksRunning === 0 ? 400 : 2000),
      result: async () => {
        await this.#ended;
        return this.#result();
      },
    };
    return {
      workflow: {
        getHandle: () => handle,
        start: async (type: string, options: Record<string, unknown>) => void this.started.push({ type, options }),
      },
      withDeadline: (_: number, body: () => unknown) => body(),
    } as unknown as Client;
  }

  async #describe(): Promise<object> {
    this.#asked++;
    // The result comes when this status is shown, if nothing keeps it back.
    if (this.#asked === this.endsAt) setImmediate(this.#end);
    await this.#looked(this.#asked);
    return {
      runId: 'r',
      status: { name: this.#asked > this.#looksRunning ? 'COMPLETED' : 'RUNNING' },
      type: 'replay',
      memo: {},
      startTime: new Date(0),
      taskQueue: 'queue-1',
      raw: { pendingActivities: this.pending(this.#asked) },
    };
  }
}

const answers = async (): Promise<void> => undefined;
const RESULT = { replayTopic: 'events_REPLAY' };
const watched = { progress: true, output: new Output(false) };

describe('a job that ends between two looks', () => {
  test('is shown as it has ended', async () => {
    const job = new Job(answers, async () => RESULT);
    expect(await watchReplay(job.client(), 'w', watched)).toBe(RESULT);
    expect(printed[0]).toMatch(/^publish {2}\[#+\.+\] {2}400 of 2 000 records/);
    expect(printed.at(-1)).toBe(FULL);
  });

  test('has its result handed back also where nothing can be asked any more', async () => {
    const job = new Job(
      async (time) => {
        if (time > 1) throw new Error('14 UNAVAILABLE');
      },
      async () => RESULT,
    );
    expect(await watchReplay(job.client(), 'w', watched)).toBe(RESULT);
    expect(printed).toHaveLength(1);
  });

  test('has it handed back also where it ends during a look that fails', async () => {
    const job = new Job(
      async () => {
        await new Promise(setImmediate);
        throw new Error('14 UNAVAILABLE');
      },
      async () => RESULT,
    );
    expect(await watchReplay(job.client(), 'w', watched)).toBe(RESULT);
    expect(printed).toEqual([]);
  });

  test('a look that fails while it runs ends the command with that error', async () => {
    const unreachable = new Error('14 UNAVAILABLE');
    const job = new Job(
      () => Promise.reject(unreachable),
      async () => RESULT,
    );
    await expect(watchReplay(job.client(), 'w', watched)).rejects.toBe(unreachable);
  });
});

test('a job that was cancelled before anybody watched is shown with its end alone', async () => {
  const job = new Job(answers, async () => RESULT, 0);
  expect(await watchReplay(job.client(), 'w', watched)).toBe(RESULT);
  expect(printed).toEqual([]);
});

test.each([true, false])('a step that is tried again and again is told once, with progress: %s', async (progress) => {
  const job = new Job(answers, async () => RESULT, 4);
  job.endsAt = 4;
  job.pending = (look) => [
    {
      activityType: { name: 'planArchive' },
      state: 1,
      attempt: look + 1,
      scheduledTime: { seconds: Date.now() / 1000 },
      lastFailure: { message: 'nobody answers' },
    },
  ];
  await watchReplay(job.client(), 'w', { ...watched, progress });
  expect(printed.filter((line) => line.includes('waits'))).toEqual([
    expect.stringMatching(/waits: planArchive is tried again \(attempt 2\): nobody answers/),
  ]);
});

describe('a plan', () => {
  const asked = { id: 'plan-events', job: { topic: 'events' }, taskQueue: 'queue-1', output: new Output(false) };

  test('has an hour, after which it is not run any more', async () => {
    const job = new Job(answers, async () => RESULT);
    expect(await planOf(job.client(), 'replayPlan', asked)).toBe(RESULT);
    expect(job.started).toMatchObject([
      {
        type: 'replayPlan',
        options: {
          args: [{ topic: 'events' }],
          taskQueue: 'queue-1',
          memo: { kind: 'plan', topic: 'events' },
          staticSummary: 'what a job would do: events into events_REPLAY',
          workflowExecutionTimeout: '1 hour',
        },
      },
    ]);
    expect(job.started[0]!.options['workflowId']).toMatch(/^plan-events-[0-9a-f-]{36}$/);
  });

  test('that nobody has answered says what to do about workers of an older release', async () => {
    const cause = new TimeoutFailure('Workflow execution timed out', undefined, TimeoutType.START_TO_CLOSE);
    const job = new Job(answers, async () => {
      throw new WorkflowFailedError('Workflow execution timed out', cause, RetryState.TIMEOUT);
    });
    await expect(planOf(job.client(), 'replayPlan', asked)).rejects.toMatchObject({
      exitCode: EXIT.noAnswer,
      message: 'The plan was not answered in the time that it had, and was given up.',
      remedy: expect.stringMatching(/older release.*upgrade them.*docs\/deploying\.md/) as string,
    });
  });
});
