// What the doctor asks for a job: the rights that the job's own plan lists, of the connections that the job names.
import { expect, test } from 'vitest';
import { NEEDED_BY_ANY, neededByJob } from '../../../workers/doctor/needed-by-job.ts';
import { TUNING } from '../../support/memory-worker.ts';

test('a replay: its folders up to the first wildcard, its topics, groups and transactional ids', () => {
  const needed = neededByJob(
    {
      topic: 'events',
      archive: { dest: '/camus/dest', exec: '/camus/exec' },
      output: { schema: '/schemas/events.avsc' },
      offsets: { group: 'billing', kafka: true, zookeeper: true },
      staging: '/staging',
      connections: { kafka: 'old-cluster' },
    },
    TUNING,
  );
  expect(needed.hdfs).toEqual({
    name: 'default',
    questions: {
      staging: '/staging',
      reads: ['/camus/dest/events/hourly', '/camus/exec/base/history', '/schemas/events.avsc'],
      writes: [],
    },
  });
  expect(needed.kafka).toMatchObject({
    name: 'old-cluster',
    questions: { certain: true, transactionalId: 'rewind.events_REPLAY' },
  });
  expect(needed.kafka.questions.rights).toContainEqual({
    resource: 'Topic',
    name: 'events_REPLAY',
    operations: ['Create', 'Describe', 'DescribeConfigs', 'Read', 'Write'],
  });
  expect(needed.kafka.questions.rights).toContainEqual({
    resource: 'TransactionalId',
    name: 'rewind.offsets.billing',
    operations: ['Describe', 'Write'],
  });
  expect(needed.zookeeper).toEqual({ name: 'default', groups: ['billing'] });
});

test('an archive: topics that are named, folders that are written; patterns are not asked, and said so', () => {
  const archive = { dest: '/a/dest', exec: '/a/exec', value: 'registry', topics: { include: ['clicks', 'page_.*'] } };
  const needed = neededByJob(archive, TUNING);
  expect(needed.kafka.questions.rights).toEqual([
    { resource: 'Topic', name: 'clicks', operations: ['Describe', 'DescribeConfigs', 'Read'] },
  ]);
  expect(needed.hdfs.questions).toEqual({
    staging: '/a/dest/.rewind',
    reads: [],
    writes: ['/a/dest', '/a/exec', '/a/exec/history'],
  });
  expect(needed.registry).toBe('default');
  expect(needed.unasked).toEqual([expect.stringMatching(/archive-plan/)]);
});

test('a job of ranges: its topics, its group, and the group by which a retry knows its own commit', () => {
  const needed = neededByJob({ inputs: [{ topic: 'orders', group: 'g', function: 'f' }] }, TUNING);
  expect(needed.kafka.questions.rights.map(({ resource, name }) => `${resource} ${name}`)).toEqual([
    'Topic orders',
    'Group g',
    'Group rewind.offsets.g',
    'TransactionalId rewind.offsets.g',
  ]);
  expect(needed.zookeeper).toBeUndefined();
});

test('a verify: what a replay reads, and the topics that it compares; it writes its report alone', () => {
  const job = {
    topic: 'events',
    archive: { dest: '/camus/dest', exec: '/camus/exec' },
    offsets: { group: 'billing', kafka: true, zookeeper: true },
    verify: { report: '/audits' },
  };
  const needed = neededByJob(job, TUNING);
  expect(needed.hdfs.questions).toMatchObject({
    reads: expect.arrayContaining(['/camus/exec/base/history']) as string[],
  });
  expect(needed.hdfs.questions.writes).toEqual(['/audits']);
  expect(needed.kafka.questions.rights).toEqual(
    ['events', 'events_REPLAY'].map((name) => ({
      resource: 'Topic',
      name,
      operations: ['Describe', 'DescribeConfigs', 'Read'],
    })),
  );
  expect(needed.zookeeper).toBeUndefined();
  const source = { ...job, verify: { against: ['source'], value: 'registry' } };
  expect(neededByJob(source, TUNING)).toMatchObject({
    kafka: { questions: { rights: [{ name: 'events' }] } },
    registry: 'default',
  });
  expect(() => neededByJob({ ...job, verify: { against: ['sink'] } }, TUNING)).toThrow(/verify\.against/);
});

test.each(['latest', 'writer', 7])(
  'a frame (%s) in front of what is replayed, and of what a verify compares: the registry',
  (frame) => {
    const archive = { dest: '/camus/dest', exec: '/camus/exec' };
    const job = { topic: 'events', archive, output: { encoding: 'avro-binary', frame } };
    const named = { connections: { registry: 'old-registry' } };
    for (const input of [job, { ...job, verify: {} }]) {
      expect(neededByJob(input, TUNING).registry).toBe('default');
      expect(neededByJob({ ...input, ...named }, TUNING).registry).toBe('old-registry');
      expect(neededByJob({ ...input, output: { encoding: 'avro-binary' } }, TUNING).registry).toBeUndefined();
    }
  },
);

test('ids of schemas beside the whole records of an archive: the registry', () => {
  const archive = { dest: '/a/dest', exec: '/a/exec', value: 'record', topics: { include: ['clicks'] } };
  expect(neededByJob(archive, TUNING).registry).toBeUndefined();
  expect(neededByJob({ ...archive, schemaIds: 'values' }, TUNING).registry).toBe('default');
});

test('input that is no job is refused as by the workflow', () => {
  expect(() => neededByJob({ topic: 'events' }, TUNING)).toThrow(/wrong field/);
});

test('without a job a lack is no certain fault: the names stand for those of jobs to come', () => {
  expect(NEEDED_BY_ANY.kafka.certain).toBe(false);
});
