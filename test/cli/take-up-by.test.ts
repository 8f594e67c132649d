// A job that has ended goes on by another input: what is started says which job, so that it is still known where that input
// is refused, and only what asks for the same kind of work is started.
import type { Client } from '@temporalio/client';
import { beforeEach, expect, test } from 'vitest';
import { takeUpBy } from '../../cli/take-up-by.ts';

interface Started {
  type: string;
  options: { args: object[]; workflowId: string; taskQueue: string; memo: Record<string, unknown> };
}

let started: Started[];
const client = {
  workflow: {
    start: async (type: string, options: Started['options']) => {
      started.push({ type, options });
      return { firstExecutionRunId: 'run-2' };
    },
  },
} as unknown as Client;

beforeEach(() => void (started = []));

const JOB = 'replay-events/run-1';
const ended = { workflowId: 'replay-events', kind: 'replay' as const, taskQueue: 'q', job: JOB };
const input = { topic: 'events', archive: { dest: '/camus' } };

test('the workflow that is started knows the job before a worker comes to it', async () => {
  expect(await takeUpBy(client, ended, input)).toBe('run-2');
  expect(started).toMatchObject([
    {
      type: 'replay',
      options: {
        args: [{ ...input, takeUp: JOB }],
        workflowId: 'replay-events',
        taskQueue: 'q',
        memo: { kind: 'replay', topic: 'events', job: JOB },
      },
    },
  ]);
});

test('offsets alone stay offsets alone, whatever the job that is given says of it', async () => {
  await takeUpBy(client, { ...ended, kind: 'offsets' }, input);
  expect(started[0]?.options).toMatchObject({ args: [{ offsetsOnly: true, takeUp: JOB }], memo: { kind: 'offsets' } });
});

test('an input that asks for a plan is refused: it would be what the id stands for', async () => {
  await expect(takeUpBy(client, ended, { ...input, plan: true })).rejects.toThrow('asks for a plan');
  expect(started).toEqual([]);
});

test('an input that names another job is refused: it is not silently taken for this one', async () => {
  await expect(takeUpBy(client, ended, { ...input, takeUp: 'of/another' })).rejects.toThrow(
    'takes up "of/another", and that of replay-events is replay-events/run-1',
  );
  expect(started).toEqual([]);
  await takeUpBy(client, ended, { ...input, takeUp: JOB });
  expect(started).toHaveLength(1);
});

test('where the last run of the id was refused, the job that takeUp names goes on, or none', async () => {
  const refused = { ...ended, job: undefined };
  await expect(takeUpBy(client, refused, input)).rejects.toThrow('has no job yet');
  expect(started).toEqual([]);
  await takeUpBy(client, refused, { ...input, takeUp: JOB });
  expect(started[0]?.options).toMatchObject({ args: [{ takeUp: JOB }], memo: { job: JOB } });
});
