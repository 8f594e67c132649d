// A job's input is judged as a whole: defaults are filled in, and everything that is wrong is named at once, by the
// path of its field, wrong fields and broken rules between fields together.
import { describe, expect, it } from 'vitest';
import { JobError } from '../../../../activities/step/job-error.ts';
import type { InputIssue } from '../../../../activities/replay/job/input-rules.ts';
import { timesOf } from '../../../../activities/replay/job/job-times.ts';
import { parseReplayInput } from '../../../../activities/replay/job/parse-input.ts';

const MINIMAL = { topic: 'events', archive: { dest: '/camus/dest' } };

function issuesOf(input: unknown): Record<string, string> {
  try {
    parseReplayInput(input);
  } catch (error) {
    expect(error).toBeInstanceOf(JobError);
    const { code, facts } = error as JobError;
    expect(code).toBe('input-invalid');
    return Object.fromEntries((facts['issues'] as InputIssue[]).map(({ field, message }) => [field, message]));
  }
  throw new Error('the input was expected to be wrong');
}

describe('a job', () => {
  it('needs a topic and a place, and gets every default', () => {
    expect(parseReplayInput(MINIMAL)).toMatchObject({
      topic: 'events',
      replayTopic: { unsafeSettings: 'fail', allowSource: false },
      archive: { format: 'auto', timeZone: 'America/Los_Angeles', earlierLife: 'fail', duplicates: 'report' },
      output: {
        encoding: 'avro-json',
        headers: { ordinal: true, partition: true },
        timestamps: 'record',
        invalidTimestamps: 'fail',
        compression: 'none',
      },
      offsets: { zookeeper: true, kafka: false, layout: '0.8', existing: 'leave', outsideLiveRange: 'fail' },
      badData: { policy: 'fail', limitPercent: 0.1 },
      sort: 'auto',
      offsetsOnly: false,
      connections: { hdfs: 'default', kafka: 'default', zookeeper: 'default' },
    });
  });

  it('names its replay topic by a text or by an object', () => {
    expect(parseReplayInput({ ...MINIMAL, replayTopic: 'again' }).replayTopic).toMatchObject({ name: 'again' });
    const named = { name: 'again', maxMessageBytes: 5_000_000 };
    expect(parseReplayInput({ ...MINIMAL, replayTopic: named }).replayTopic).toMatchObject(named);
  });

  it('takes times in milliseconds and in ISO-8601 with a zone', () => {
    const job = parseReplayInput({ ...MINIMAL, from: 1_414_915_200_000, to: '2014-11-02T10:00:00+01:00' });
    expect(timesOf(job, 0)).toEqual({ from: 1_414_915_200_000, to: 1_414_918_800_000 });
  });

  it.each<[string | number, string]>([
    ['2014-11-02T10:00:00', 'a time without a zone'],
    ['2014-11-02', 'a day'],
    ['yesterday', 'a word'],
    [1.5, 'half a millisecond'],
  ])('refuses %s as a time (%s)', (from, _kind) => {
    expect(issuesOf({ ...MINIMAL, from })).toHaveProperty('from');
  });
});

describe('wrong fields', () => {
  it('are named all at once, unknown ones by their own names', () => {
    const issues = issuesOf({
      topic: 'a b',
      archive: { dest: 'camus', histroy: '/x', format: 'orc' },
      output: { headers: { files: true }, encoding: 'xml' },
      badData: { limitPercent: -1 },
      speed: 'fast',
    });
    expect(Object.keys(issues).toSorted()).toEqual([
      'archive.dest',
      'archive.format',
      'archive.histroy',
      'badData.limitPercent',
      'output.encoding',
      'output.headers.files',
      'speed',
      'topic',
    ]);
    expect(issues['speed']).toBe('there is no such field; docs/job.md lists all');
  });

  it('of a union are named in their own place', () => {
    const issues = issuesOf({ ...MINIMAL, replayTopic: { name: 'x', partitions: 3, maxMessageBytes: 1 } });
    expect(Object.keys(issues).toSorted()).toEqual(['replayTopic.maxMessageBytes', 'replayTopic.partitions']);
  });

  it.each([
    ['/camus/../etc', 'a way up'],
    ['/camus/.', 'a dot'],
    ['camus', 'no root'],
  ])('are paths such as %s (%s)', (dest) => {
    expect(issuesOf({ topic: 'events', archive: { dest } })['archive.dest']).toContain('absolute HDFS path');
  });

  it.each(['', '.', '..', 'a/b', 'x'.repeat(250)])('are topics that Kafka refuses: %j', (topic) => {
    expect(issuesOf({ ...MINIMAL, topic })).toHaveProperty('topic');
  });

  it.each([undefined, null, 'topic=x', 7, []])('are not looked for in what is no object: %j', (input) => {
    expect(Object.keys(issuesOf(input))).toEqual(['']);
  });

  it('do not hide broken rules between the others', () => {
    const issues = issuesOf({ ...MINIMAL, from: 2, to: 1, badData: { policy: 'ignore' } });
    expect(Object.keys(issues).toSorted()).toEqual(['badData.policy', 'from']);
  });
});

describe('rules between fields', () => {
  const archive = { dest: '/camus/dest', exec: '/camus/exec' };
  it.each<[string, object, string]>([
    ['something to read', { archive: {} }, 'archive.dest'],
    ['a history for a group', { offsets: { group: 'g' } }, 'archive.exec'],
    ['a group for offsets alone', { archive, offsetsOnly: true }, 'offsets.group'],
    ['somewhere to commit', { archive, offsets: { group: 'g', zookeeper: false } }, 'offsets'],
    ['from before to', { from: 5, to: 5 }, 'from'],
    ['a number of partitions for keys', { output: { partitions: 'key', key: 'id' } }, 'output.partitionCount'],
    ['a key for keys', { output: { partitions: 'key', partitionCount: 3 } }, 'output.key'],
    ['one partition for one', { output: { partitions: 'one', partitionCount: 3 } }, 'output.partitionCount'],
    [
      'one partition for lines',
      { archive: { dest: '/d', format: 'text' }, output: { partitionCount: 3 } },
      'output.partitionCount',
    ],
    ['Avro data behind a frame', { output: { frame: 'latest' } }, 'output.encoding'],
    [
      'no output schema beside a frame',
      { output: { frame: 1, encoding: 'avro-binary', schema: '/s' } },
      'output.schema',
    ],
    [
      'a subject for the latest schema only',
      { output: { frame: 1, encoding: 'avro-binary', subject: 's' } },
      'output.subject',
    ],
    [
      'no frame before text',
      { archive: { ...archive, format: 'text' }, output: { frame: 1, encoding: 'avro-binary' } },
      'output.frame',
    ],
    [
      'the header by which an archive knows them',
      { replayTopic: { name: 'events', allowSource: true }, output: { headers: { ordinal: false } } },
      'output.headers.ordinal',
    ],
    ['another topic than the source', { replayTopic: 'events' }, 'replayTopic'],
    ['a name that is not too long', { topic: 'x'.repeat(245) }, 'replayTopic'],
  ])('ask for %s', (_, change, field) => {
    expect(Object.keys(issuesOf({ ...MINIMAL, ...change }))).toEqual([field]);
  });

  it('let the source be the replay topic where the job says so', () => {
    const replayTopic = { name: 'events', allowSource: true };
    expect(parseReplayInput({ ...MINIMAL, replayTopic }).replayTopic.name).toBe('events');
  });

  it('need no files for offsets alone', () => {
    const job = parseReplayInput({
      topic: 'events',
      archive: { exec: '/x' },
      offsetsOnly: true,
      offsets: { group: 'g' },
    });
    expect(job.offsetsOnly).toBe(true);
  });
});
