// What is wrong with an archive's input is said field by field, all at once.
import { expect, it } from 'vitest';
import { parseArchiveInput } from '../../../../activities/archive/job/parse-archive-input.ts';
import { JobError } from '../../../../activities/step/job-error.ts';

function issuesOf(input: object): Record<string, string> {
  try {
    parseArchiveInput({ dest: '/d', exec: '/e', ...input });
    return {};
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    const { issues } = error.facts as { issues: { field: string; message: string }[] };
    return Object.fromEntries(issues.map(({ field, message }) => [field, message]));
  }
}

it.each(['latest', 'writer', '/schemas/click.avsc', '/schemas/{topic}.avsc'])('takes the schema %j', (schema) => {
  expect(issuesOf({ schema })).toEqual({});
});

it('says of a schema and of a field that there is none, and where all are', () => {
  expect(issuesOf({ schema: 'newest', dist: '/x' })).toEqual({
    schema: 'expected "latest", "writer", or the path of a file on HDFS, such as /schemas/{topic}.avsc',
    dist: 'there is no such field; docs/archive-job.md lists all',
  });
});

it('refuses a zone where values hold no text, and a format that no time could be read by', () => {
  const time = { format: "yyyy-'W'ww", timeZone: 'Europe/Berlin' };
  expect(issuesOf({ value: 'json', time })).toEqual({ 'time.format': expect.stringContaining('expected ') as string });
  expect(Object.keys(issuesOf({ time: { timeZone: 'Europe/Berlin' } }))).toEqual(['time.timeZone']);
  expect(issuesOf({ value: 'record', time: { field: 'at', format: 'ISO-8601', timeZone: 'Europe/Berlin' } })).toEqual(
    {},
  );
  expect(Object.keys(issuesOf({ value: 'json', time: { timeZone: 'Mars/Olympus' } }))).toEqual(['time.timeZone']);
});

it('takes folders below the topic, and buckets as long as a replay reads', () => {
  expect(issuesOf({ files: { subDir: 'raw/by-hour', bucketMinutes: 44_640 } })).toEqual({});
  expect(Object.keys(issuesOf({ files: { bucketMinutes: 44_641 } }))).toEqual(['files.bucketMinutes']);
  for (const subDir of ['/raw', 'raw/', 'raw//v2', 'raw/../v2', 'raw/.v2', 'raw/_v2', 'raw/a:b', '.', ''])
    expect(issuesOf({ files: { subDir } }), subDir).toEqual({
      'files.subDir':
        'expected folders below the topic, such as raw/by-hour, none of which begins with . or _, without a slash at either end',
    });
});

it('refuses what would say nothing', () => {
  const file = { value: 'json', schema: '/schemas/{topic}.avsc' };
  expect(Object.keys(issuesOf({ ...file, badData: { keep: true } }))).toEqual(['schema', 'badData.keep']);
  expect(issuesOf({ value: 'json', schema: 'writer', badData: { policy: 'skip', keep: true } })).toEqual({});
});

it('lets limits count from one bad record on where the job names one, else from a hundred', () => {
  const from = (badData: object): unknown =>
    parseArchiveInput({ dest: '/d', exec: '/e', badData: { policy: 'skip', ...badData } }).badData.limitsFrom;
  expect(parseArchiveInput({ dest: '/d', exec: '/e' }).badData.limitsFrom).toBe(100);
  expect(from({})).toBe(100);
  expect([from({ limitPercent: 0.1 }), from({ topicLimitPercent: 10 }), from({ limits: { frame: 5 } })]).toEqual([
    1, 1, 1,
  ]);
  expect(from({ limitPercent: 5, limitsFrom: 20 })).toBe(20);
});
