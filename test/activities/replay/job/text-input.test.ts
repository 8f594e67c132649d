// The part of a job's input that is about lines of text, orders without times, and records as they are.
import { describe, expect, it } from 'vitest';
import { JobError } from '../../../../activities/step/job-error.ts';
import type { InputIssue } from '../../../../activities/replay/job/input-rules.ts';
import { parseReplayInput } from '../../../../activities/replay/job/parse-input.ts';
import { replayJob } from '../../../support/replay-job.ts';

const MINIMAL = { topic: 'events', archive: { dest: '/camus/dest' } };

function issuesOf(input: object): Record<string, string> {
  try {
    parseReplayInput({ ...MINIMAL, ...input });
  } catch (error) {
    expect(error).toBeInstanceOf(JobError);
    const issues = (error as JobError).facts['issues'] as InputIssue[];
    return Object.fromEntries(issues.map(({ field, message }) => [field, message]));
  }
  return {};
}

const TEXT = { dest: '/camus/dest', format: 'text' };

describe('the time of lines', () => {
  it.each([
    { field: 'ts', format: 'unix' },
    { field: 'a.b', format: 'unix_milliseconds' },
    { field: 'ts', format: 'ISO-8601', timeZone: 'Europe/Berlin' },
    { field: 'ts', format: '[dd/MMM/yyyy:HH:mm:ss Z]' },
    { pattern: '^(?<time>\\d+) ', format: 'unix_seconds' },
    {},
  ])('is described as Camus does, or by an expression: %o', (time) => {
    expect(issuesOf({ archive: TEXT, time })).toEqual({});
  });

  it('is refused with everything that is wrong about it', () => {
    const issues = issuesOf({ time: { field: 'ts', pattern: '(', format: 'yyyy-QQ', timeZone: 'Mars/Olympus' } });
    expect(issues['time.pattern']).toMatch(
      /^expected either time\.field or time\.pattern|^expected a regular expression/,
    );
    expect(Object.keys(issues).sort()).toEqual(['time.format', 'time.pattern', 'time.timeZone']);
  });

  it('has a format in the place of a unit', () => {
    expect(issuesOf({ archive: TEXT, time: { unit: 'seconds' } })['time.unit']).toContain('unix_seconds');
  });

  it('is nothing that an archive of Avro files has', () => {
    const time = { format: 'unix', pattern: 'x', timeZone: 'UTC' };
    const issues = issuesOf({ archive: { ...MINIMAL.archive, format: 'avro' }, time });
    expect(Object.keys(issues).sort()).toEqual(['time.format', 'time.pattern', 'time.timeZone']);
  });
});

describe('an order', () => {
  it('is that of time unless said', () => {
    expect(replayJob(MINIMAL).order).toBe('time');
    expect(issuesOf({ order: 'offset' })).toEqual({});
    expect(Object.keys(issuesOf({ order: 'random' }))).toEqual(['order']);
  });

  it('without times has no range of times', () => {
    expect(issuesOf({ order: 'file', from: 0 })['order']).toContain('expected "time"');
    expect(issuesOf({ order: 'offset', to: 5 })['order']).toContain('expected "time"');
  });
});

describe('what is published as it is', () => {
  it('has no output schema', () => {
    expect(issuesOf({ output: { encoding: 'original' } })).toEqual({});
    expect(Object.keys(issuesOf({ output: { encoding: 'original', schema: '/s.avsc' } }))).toEqual(['output.schema']);
    const output = { schema: '/s.avsc', key: 'id' };
    expect(Object.keys(issuesOf({ archive: TEXT, output })).sort()).toEqual(['output.key', 'output.schema']);
  });
});

describe('limits on bad data', () => {
  it('are per cent, of all and for each reason', () => {
    const badData = { policy: 'skip', limitPercent: 1, limits: { time: 0.5, corrupt: 0 } };
    expect(parseReplayInput({ ...MINIMAL, badData }).badData).toEqual(badData);
    expect(Object.keys(issuesOf({ badData: { limits: { time: 101, rotten: 1 } } })).sort()).toEqual([
      'badData.limits.rotten',
      'badData.limits.time',
    ]);
  });
});
