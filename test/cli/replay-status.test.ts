// What `rewind status` makes of Temporal's answers: what a job waits for is told whoever knows it, the step's heartbeat,
// the server's list of pending steps, or the workflow; and one that has ended tells its result or its error.
import { QueryNotRegisteredError, ServiceError, WorkflowFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure, RetryState } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { isSilent, statusOf } from '../../cli/replay-status.ts';
import { statusLines } from '../../cli/status-lines.ts';
import { progressAtFirst } from '../../workflows/replay/progress.ts';

const AT_FIRST = progressAtFirst({ topic: 'events' }, 'w/r', 0);
const BEGAN = new Date('2026-11-22T02:00:00Z');
const seconds = (at: string) => ({ seconds: Date.parse(at) / 1000, nanos: 0 });
const payload = (value: unknown) => ({ payloads: [{ data: Buffer.from(JSON.stringify(value)) }] });

interface Answers {
  status?: string;
  type?: string;
  memo?: object;
  pendingActivities?: object[];
  pendingWorkflowTask?: object;
  taskFailure?: string;
  progress?: object | Error;
  result?: () => Promise<unknown>;
}

/** Temporal's client as far as a status asks it. */
function client(answers: Answers): Client {
  const { status = 'RUNNING', type = 'replay', memo = {}, pendingActivities = [], pendingWorkflowTask } = answers;
  const handle = {
    workflowId: 'w',
    describe: async () => ({
      runId: 'r',
      status: { name: status },
      type,
      memo,
      startTime: BEGAN,
      closeTime: undefined,
      taskQueue: 'queue-1',
      raw: { pendingActivities, pendingWorkflowTask },
    }),
    query: async () => {
      // As the client wraps the end of the time that a query has.
      if (answers.progress === undefined)
        throw new ServiceError('Failed to query Workflow', { cause: Object.assign(new Error('4'), { code: 4 }) });
      if (answers.progress instanceof Error) throw answers.progress;
      return answers.progress;
    },
    result: answers.result,
  };
  return {
    options: { namespace: 'default' },
    workflow: { getHandle: () => handle },
    workflowService: {
      getWorkflowExecutionHistoryReverse: async () => ({
        history: { events: [{ workflowTaskFailedEventAttributes: { failure: { message: answers.taskFailure } } }] },
      }),
    },
    withDeadline: (_: number, body: () => unknown) => body(),
  } as unknown as Client;
}

const linesOf = async (answers: Answers): Promise<string> =>
  statusLines(await statusOf(client(answers), 'w')).join('\n');

const VALIDATE = {
  activityType: { name: 'validateJob' },
  attempt: 1,
  state: 2,
  lastStartedTime: seconds('2026-11-22T02:00:01Z'),
};
const WAITING = { for: 'http://nn:9870', since: '2026-11-22T02:00:02.000Z', error: 'SafeModeException' };

describe('a job that waits', () => {
  test('in its first step is told with the server, since when, and the error, and no missing worker is blamed', async () => {
    const lines = await linesOf({
      pendingActivities: [{ ...VALIDATE, heartbeatDetails: payload({ waitingFor: WAITING }) }],
    });
    expect(lines).toContain('validateJob waits for http://nn:9870 since 2026-11-22T02:00:02.000Z: SafeModeException');
    expect(lines).toMatch(/^status +running, step validateJob$/m);
    expect(lines).not.toContain('no worker');
  });

  test('for its next attempt is told with the last failure, where the heartbeat of an older worker says nothing', async () => {
    const again = { ...VALIDATE, state: 1, attempt: 4, lastFailure: { message: 'connection refused' } };
    expect(await linesOf({ pendingActivities: [again] })).toContain(
      'validateJob is tried again (attempt 4): connection refused',
    );
  });

  test('for its next attempt, which nobody takes, is told to wait for a worker, with what ended the last one', async () => {
    const again = { ...VALIDATE, state: 1, attempt: 2, lastFailure: { message: 'activity Heartbeat timeout' } };
    const late = { ...again, scheduledTime: seconds('2026-11-22T02:00:30Z') };
    expect(await linesOf({ pendingActivities: [late] })).toContain(
      'validateJob waits for a worker since 2026-11-22T02:00:30.000Z (attempt 2) (task queue queue-1, or its own); before: activity Heartbeat timeout',
    );
  });

  test('and moves again, is not told to wait', async () => {
    const moves = {
      ...VALIDATE,
      attempt: 4,
      lastFailure: { message: 'was away' },
      heartbeatDetails: payload({ published: '5' }),
    };
    expect((await statusOf(client({ pendingActivities: [moves] }), 'w')).waits).toEqual([]);
  });

  test('for a worker that decodes is told so, though others serve the workflow', async () => {
    const idle = {
      activityType: { name: 'decodeAndSort' },
      attempt: 1,
      state: 1,
      scheduledTime: seconds('2026-11-22T02:01:00Z'),
    };
    expect(await linesOf({ pendingActivities: [idle], progress: { ...AT_FIRST, step: 'decode' } })).toMatch(
      /decodeAndSort waits for a worker since 2026-11-22T02:01:00\.000Z/,
    );
  });

  test('for any worker is told the task queue that none serves', async () => {
    const task = { state: 1, attempt: 1, scheduledTime: seconds('2026-11-22T02:00:00Z') };
    const lines = await linesOf({ pendingWorkflowTask: task });
    expect(lines).toMatch(/^waits +a worker on the task queue queue-1 since 2026-11-22T02:00:00\.000Z$/m);
    expect(lines).toContain('no worker answers');
  });

  test("on a worker with other code is told that code's error", async () => {
    const task = { state: 2, attempt: 7, scheduledTime: seconds('2026-11-22T02:00:00Z') };
    expect(await linesOf({ pendingWorkflowTask: task, taskFailure: 'no such workflow type: replay' })).toContain(
      "the workflow's own code can't go on (attempt 7): no such workflow type: replay",
    );
  });

  test('for code that does not come to its own history is told what to do', async () => {
    const task = { state: 2, attempt: 7, scheduledTime: seconds('2026-11-22T02:00:00Z') };
    const lines = await linesOf({ pendingWorkflowTask: task, taskFailure: '[TMPRL1100] Nondeterminism error: ...' });
    expect(lines).toMatch(/can't go on \(attempt 7\): \[TMPRL1100\].*\n.*docs\/errors\.md, TMPRL1100/);
  });

  test('by what the workflow was told is told too', async () => {
    const progress = { ...AT_FIRST, step: 'list', waitingFor: { step: 'listFiles', ...WAITING } };
    expect(await linesOf({ progress })).toContain('listFiles waits for http://nn:9870');
  });

  test('by a heartbeat in a codec of somebody else is shown without it', async () => {
    const odd = { ...VALIDATE, heartbeatDetails: { payloads: [{ data: Buffer.from([1, 2, 3]) }] } };
    expect((await statusOf(client({ pendingActivities: [odd] }), 'w')).activities).toMatchObject([
      { step: 'validateJob' },
    ]);
  });
});

test('a workflow that tells no progress is answered by a worker, one without a worker by nobody', async () => {
  const refused = new QueryNotRegisteredError('unknown query progress', 3);
  const plan = await statusOf(client({ type: 'replayPlan', progress: refused }), 'w');
  expect([plan.answered, isSilent(plan), statusLines(plan).join('\n')]).toEqual([
    true,
    false,
    expect.stringMatching(/^status +running$/m) as string,
  ]);
  const dead = await statusOf(client({ pendingActivities: [VALIDATE] }), 'w');
  expect([dead.answered, isSilent(dead)]).toEqual([false, true]);
  const task = { state: 2, attempt: 7, scheduledTime: seconds('2026-11-22T02:00:00Z') };
  const failing = await statusOf(client({ pendingWorkflowTask: task, taskFailure: 'no such workflow type' }), 'w');
  expect(isSilent(failing)).toBe(false);
});

describe('a job that has ended', () => {
  test('with an error tells it, and what helps', async () => {
    const cause = ApplicationFailure.create({ type: 'rewind.job.time-units-differ', message: 'units differ' });
    const result = () => Promise.reject(new WorkflowFailedError('failed', cause, RetryState.NON_RETRYABLE_FAILURE));
    const lines = await linesOf({ status: 'FAILED', result, memo: { outcome: undefined } });
    expect(lines).toMatch(/^error +units differ$/m);
    expect(lines).toMatch(/^what to do +This is rewind\.job\.time-units-differ .*start it anew/m);
    expect(lines).not.toContain('rewind resume');
  });

  test('of another project is refused', async () => {
    await expect(statusOf(client({ type: 'pizza' }), 'w')).rejects.toThrow('is a workflow pizza, not one of Rewind');
  });
});
