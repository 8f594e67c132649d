// The result as a person reads it: what the person on call needs next stands in it, in words and times of people.
import { describe, expect, test } from 'vitest';
import { resultLines } from '../../cli/result-lines.ts';
import { nextCommands } from '../../cli/next-commands.ts';
import { recordTimeText } from '../../cli/record-time.ts';
import { publisherName } from '../../activities/replay/publish/publish-position.ts';
import type { ReplayResult } from '../../workflows/replay/replay-result.ts';

const RESULT: ReplayResult = {
  job: 'replay-events/run-1',
  topic: 'events',
  replayTopic: 'events_REPLAY',
  files: 139,
  bytes: '20046650',
  leftOut: [],
  records: {
    read: 10,
    published: '200000',
    skipped: 0,
    skippedBy: {},
    skippedEstimated: 0,
    outOfRange: 0,
    filtered: 0,
    clampedTimes: 0,
  },
  order: 'time',
  firstTime: '1414652400000',
  lastTime: '1414738797575',
  timeUnit: 'millis',
  partitions: [
    { partition: 0, records: '150000', firstOffset: '0', lastOffset: '150016', aborted: '0', abortedRanges: [] },
    { partition: 1, records: '50000', firstOffset: '0', lastOffset: '51003', aborted: '1000', abortedRanges: [] },
    { partition: 2, records: '0', firstOffset: undefined, lastOffset: undefined, aborted: '0', abortedRanges: [] },
  ],
  morePartitions: 0,
  execution: undefined,
  offsets: {
    zookeeper: 'committed',
    kafka: 'none',
    group: 'billing',
    offsets: [{ partition: '0', offset: '53850', earliest: '53850', latest: '54100' }],
    remarks: [],
  },
  startedAt: '2026-11-22T02:00:00.000Z',
  endedAt: '2026-11-22T03:30:05.000Z',
  steps: { publish: { seconds: 5 } },
  remarks: ['something to know'],
};

describe('the result for a person', () => {
  const lines = resultLines(RESULT);

  test('tells of damage that has cost no record, and of none where nothing was passed over', () => {
    expect(lines.join()).not.toContain('skipped');
    const records = { ...RESULT.records, skippedBy: { truncated: 0 } };
    expect(resultLines({ ...RESULT, records })).toContainEqual(
      expect.stringMatching(/^skipped +0, though files are damaged \(truncated\): see the errors folder$/),
    );
  });

  test('tells the times of the records as times', () => {
    expect(lines).toContainEqual(
      expect.stringMatching(/^record times +2014-10-30T07:00:00\.000Z to 2014-10-31T06:59:57\.575Z$/),
    );
  });

  test('tells the last offset of each partition, up to which consumers drain it, and the aborted records', () => {
    const at = lines.findIndex((line) => line.startsWith('events_REPLAY is drained when'));
    expect(lines[at + 1]).toMatch(/^partition +records +first offset +last offset +aborted$/);
    expect(lines[at + 2]).toMatch(/^0 +150 000 +0 +150016 +0$/);
    expect(lines[at + 3]).toMatch(/^1 +50 000 +0 +51003 +1 000$/);
    expect(lines[at + 4]).toMatch(/^2 +0 +none +none +0$/);
  });

  test('tells how long the whole job took, not its last run alone', () => {
    expect(lines).toContainEqual(expect.stringMatching(/^took +1 h 30 min, from 2026-11-22T02:00:00\.000Z to 2026-/));
  });

  test('tells a count that is estimated from one that was counted', () => {
    const skipped = (skippedEstimated: number): string | undefined =>
      resultLines({ ...RESULT, records: { ...RESULT.records, skipped: 1_019, skippedEstimated } }).find((line) =>
        line.startsWith('skipped'),
      );
    expect(skipped(0)).toMatch(/^skipped +1 019$/);
    expect(skipped(1_000)).toMatch(/^skipped +1 019, 1 000 of them estimated by bytes$/);
    expect(lines.some((line) => line.startsWith('skipped'))).toBe(false);
  });

  test('ends with what is worth knowing', () => {
    expect(lines.at(-1)).toBe('note: something to know');
  });

  test('of an older release is shown with what it holds', () => {
    const { timeUnit: _unit, startedAt: _started, endedAt: _ended, ...older } = RESULT;
    expect(resultLines(older)).toContainEqual(expect.stringMatching(/^record times +1414652400000 to 1414738797575$/));
    expect(resultLines(older)).toContainEqual(expect.stringMatching(/^took +5 s$/));
  });
});

test.each([
  ['0', 'seconds', '1970-01-01T00:00:00Z'],
  ['-1', 'millis', '1969-12-31T23:59:59.999Z'],
  ['1414652400000001', 'micros', '2014-10-30T07:00:00.000001Z'],
  ['1414652400000000009', 'nanos', '2014-10-30T07:00:00.000000009Z'],
  ['9223372036854775807', 'seconds', '9223372036854775807 (seconds since 1970)'],
  ['17', undefined, '17'],
])('the time %s in %s is %s', (raw, unit, text) => {
  expect(recordTimeText(raw, unit)).toBe(text);
});

describe('what comes next', () => {
  const next = (result: Partial<ReplayResult>): string => nextCommands({ ...RESULT, ...result }).join('\n');

  test('is a look at the replay, which of its readers see aborted records, and how far a group is', () => {
    const lines = next({});
    expect(lines).toContain('--topic events_REPLAY --from-beginning --max-messages 5 --isolation-level read_committed');
    expect(lines).toContain('without read_committed a consumer would see the aborted records as well');
    const undisturbed = RESULT.partitions.map((partition) => ({ ...partition, aborted: '0' }));
    expect(next({ partitions: undisturbed })).toContain('any consumer sees each record once');
  });

  test('names the group where its offsets stand, and nowhere else', () => {
    expect(next({})).toContain('zkCli.sh -server $ZOOKEEPER get /consumers/billing/offsets/events/0');
    expect(next({})).not.toContain('--group billing');
    const inKafka = next({ offsets: { ...RESULT.offsets, zookeeper: 'none', kafka: 'already' } });
    expect(inKafka).toContain('--describe --group billing');
    expect(inKafka).not.toContain('zkCli');
    const withheld = next({ offsets: { ...RESULT.offsets, zookeeper: 'withheld', kafka: 'withheld' } });
    expect(withheld).not.toContain('billing');
  });

  test('quotes what a shell would take apart', () => {
    const offsets = { ...RESULT.offsets, group: "o'brien $x", kafka: 'committed' as const };
    expect(next({ offsets })).toContain(`--group 'o'\\''brien $x'`);
  });

  test('deletes the replay topic last, and nothing where none was written', () => {
    expect(nextCommands(RESULT).at(-2)).toContain('--delete --topic events_REPLAY');
    expect(nextCommands(RESULT).at(-1)).toContain(`--delete --group ${publisherName('events_REPLAY')}`);
    expect(next({ replayTopic: undefined, partitions: [] })).not.toContain('--delete');
  });

  test('neither drains nor deletes the source topic where that took the records itself', () => {
    const offsets = { ...RESULT.offsets, group: undefined, zookeeper: 'none' as const };
    const lines = next({ replayTopic: 'events', offsets });
    expect(lines).not.toContain('--delete --topic');
    expect(lines).not.toContain('rewind drain');
    expect(lines).toContain('--topic events --reset-offsets --to-earliest');
    // kafka-configs.sh of older releases deletes nothing at all where one of several is not set on the topic: "Invalid config(s)".
    const deleted = [...lines.matchAll(/--alter .*--entity-name events --delete-config (\S+)$/gm)].map(
      ([, name]) => name,
    );
    expect(deleted).toEqual(['retention.ms', 'retention.bytes', 'cleanup.policy']);
    expect(lines).toContain('--delete --group rewind.events');
  });
});

test('groups whose offsets were translated are named with what became of each', () => {
  const listed = [
    { group: 'billing', status: 'committed' as const, partitions: 12 },
    { group: 'reports', status: 'left' as const, partitions: 3 },
  ];
  const offsets = { ...RESULT.offsets, group: undefined, groups: { listed, more: 4 } };
  expect(resultLines({ ...RESULT, offsets }).join('\n')).toMatch(
    /groups +billing committed \(12 partitions\), reports left \(3 partitions\) and 4 more/,
  );
  expect(resultLines(RESULT).some((line) => line.startsWith('groups'))).toBe(false);
});
