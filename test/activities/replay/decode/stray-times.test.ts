// Every record's time is compared with what its file's name or folder says, whatever the range; what a job makes of it:
// an error where the replay would be wrong, with the record, the likely cause and the way out, else a remark.
import { describe, expect, it } from 'vitest';
import type { ReplayInput } from '../../../../activities/replay/job/job-input.ts';
import { judgeStrays, type StrayJudgement } from '../../../../activities/replay/decode/judge-strays.ts';
import { header, record, text } from '../../../formats/hadoop/sequence-bytes.ts';
import { decodeToMemory, type InputFile } from '../../../support/decode-to-memory.ts';
import { replayJob } from '../../../support/replay-job.ts';
import { timesContainer } from '../../../support/times-container.ts';

const BUCKET = Date.UTC(2014, 10, 2, 8);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOURLY = '/camus/events/hourly/2014/11/02/00';
const PLAIN = { archive: { input: '/in' } };

const schema = (type: unknown = 'long'): string =>
  JSON.stringify({ type: 'record', name: 'E', fields: [{ name: 'time', type }] });

function camus(times: number[], { partition = 0, type }: { partition?: number; type?: unknown } = {}): InputFile {
  const name = `events.1.${partition}.${times.length}.${times.length}.${BUCKET}.avro`;
  return { path: `${HOURLY}/${name}`, bytes: timesContainer(schema(type), times) };
}
const plain = (path: string, times: (number | bigint)[]): InputFile => ({
  path,
  bytes: timesContainer(schema(), times),
});

async function judged(files: InputFile[], input: Partial<ReplayInput> = {}, leftOut = 0) {
  const job = replayJob(input);
  const { counts } = await decodeToMemory(files, job);
  const judgement = judgeStrays(job, { read: counts.read, strays: counts.strays, leftOut });
  return { ...judgement, counts };
}
const messageOf = ({ error, remark }: StrayJudgement): string =>
  `${error === undefined ? '' : `${error.code}: ${error.message}`}${remark ?? ''}`;

describe('times as their files say', () => {
  it.each([
    ['within the bucket', [BUCKET, BUCKET + HOUR - 1]],
    ['an hour beside it, as on days when clocks change', [BUCKET - HOUR, BUCKET + 2 * HOUR - 1]],
  ])('%s are no strays', async (_, times) => {
    const { counts, error, remark } = await judged([camus(times)]);
    expect([counts.strays, error, remark]).toEqual([undefined, undefined, undefined]);
  });

  it('of a cut file are told from the part on', async () => {
    const times = Array.from({ length: 20 }, () => 5);
    const file = camus(times);
    const end = file.bytes.length;
    const { counts } = await decodeToMemory([file], replayJob(), { range: { start: 0, end } });
    expect(counts.strays).toMatchObject({
      records: 20,
      wild: 20,
      wildFiles: 1,
      firstWild: { ordinal: 0, fromByte: 0 },
    });
  });
});

describe('a wrong unit', () => {
  it.each([
    ['seconds', undefined, [BUCKET / 1000 + 300], '1414915500 millis is 1970-01-17T09:01:55.500Z'],
    ['micros', undefined, [BUCKET * 1000], '1414915200000000 millis is +04'],
    ['millis', 'seconds', [BUCKET], '1414915200000 seconds'],
    ['millis', 'nanos', [BUCKET], '1414915200000 nanos is 1970-01-01T00:23:34.915Z'],
  ] as const)('is an error that names the right one: %s where the job has %s', async (right, unit, times, found) => {
    const told = messageOf(await judged([camus([...times])], unit === undefined ? {} : { time: { unit } }));
    expect(told).toMatch(
      /^times-astray: 1 of 1 records have times that are not those of their files, by more than a year; nothing was published\./,
    );
    expect(told).toContain(`The first: ${HOURLY}/events.1.0.1.1.${BUCKET}.avro, record 0: ${found}`);
    expect(told).toContain(`and its name (bucket ${BUCKET}) says 2014-11-02T07:00:00Z to 2014-11-02T10:00:00Z.`);
    expect(told).toContain(`They would fit as ${right}: set time.unit to "${right}".`);
    expect(told).toContain('set archive.strayTimes to "report"');
  });

  it('of some files is told as such: no unit is right for all', async () => {
    const files = [camus([BUCKET / 1000 + 300], { type: 'int' }), camus([BUCKET + 5], { partition: 1 })];
    expect(messageOf(await judged(files))).toContain(
      'They would fit as seconds, while other records fit as millis: no unit is right for all.',
    );
  });

  it('is found where no name tells, by what an archive of Kafka can hold', async () => {
    const micros = await judged([plain('/in/a.avro', [BUCKET * 1000])], PLAIN);
    expect(messageOf(micros)).toMatch(
      /: 1414915200000000 millis is .*, and a file of its age can have 1980-01-01T00:00:00Z to .*\. They would fit as micros: set time\.unit/,
    );
    expect(messageOf(await judged([plain('/in/a.avro', [BUCKET / 1000])], PLAIN))).toContain(
      'They would fit as seconds',
    );
    expect(messageOf(await judged([plain('/in/a.avro', [BUCKET])], PLAIN))).toBe('');
  });

  it('of lines is a matter of time.format', async () => {
    const lines = { path: '/in/a', bytes: Buffer.from(`{"timestamp":${BUCKET / 1000}}\n`) };
    const { error } = await judged([lines], { ...PLAIN, time: { format: 'unix_milliseconds' } });
    expect(error?.message).toContain('They would fit as seconds: set time.format.');
  });

  it('of every number beyond 2^53 is told exactly', async () => {
    const { error } = await judged([plain('/in/a.avro', [1_414_915_200_123_456_789n])], PLAIN);
    expect(error?.message).toContain('1414915200123456789 millis is after all calendars');
    expect(error?.message).toContain('fit as nanos');
  });
});

describe('keys of a SequenceFile', () => {
  const longKey = (value: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(value));
    return bytes;
  };
  const file = (keys: number[]): InputFile => {
    const head = header({ keyClass: 'org.apache.hadoop.io.LongWritable', valueClass: 'org.apache.hadoop.io.Text' });
    return { path: '/in/a', bytes: Buffer.concat([head, ...keys.map((key) => record(longKey(key), text('line')))]) };
  };

  it('that are offsets or positions are no times, and the error says where to look', async () => {
    const { error } = await judged([file([0, 41, 82])], PLAIN);
    expect(error?.message).toContain(
      'It is the LongWritable beside the text, which may be an offset or a position: say in time.field',
    );
    const unused = { ...PLAIN, order: 'file' as const, output: { timestamps: 'publish' as const } };
    expect(messageOf(await judged([file([0, 41, 82])], unused))).toBe('');
  });

  it('that are times are taken', async () => {
    expect(messageOf(await judged([file([BUCKET])], PLAIN))).toBe('');
  });
});

describe('folders in another zone', () => {
  const hours = (zoneHours: number): InputFile[] =>
    Array.from({ length: 4 }, (_, hour) => {
      const at = BUCKET + (hour - (zoneHours % 1)) * HOUR;
      const shown = new Date(at + zoneHours * HOUR).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
      return plain(`/in/${shown}/part-0.avro`, [at, at + 59 * MINUTE]);
    });
  const range = { ...PLAIN, from: BUCKET - HOUR, to: BUCKET + 12 * HOUR };

  it('are an error where a range left files out by them, with the zone that fits', async () => {
    const { error } = await judged(hours(0), range, 7);
    expect(error?.code).toBe('times-astray');
    expect(error?.message).toContain('8 of 8 records have times that are not those of their files;');
    expect(error?.message).toContain('and its folder, in America/Los_Angeles, says 2014-11-02T14:00:00Z to');
    expect(error?.message).toContain('They would fit folders in UTC: set archive.timeZone (it is America/Los_Angeles)');
    expect(error?.message).toContain('The time range left out 7 files by what names say');
    expect(error?.message).toContain('set archive.readAllFiles to true');
    const india = await judged(hours(5.5), range, 7);
    expect(india.error?.message).toMatch(/a zone 5\.5 hours ahead of UTC/);
    expect(messageOf(await judged(hours(0), { ...range, archive: { input: '/in', timeZone: 'UTC' } }, 7))).toBe('');
  });

  it('are a remark where nothing was left out, and none where there is no range', async () => {
    const told = await judged(hours(0), range);
    expect([told.error, told.remark?.includes('would fit folders in UTC')]).toEqual([undefined, true]);
    expect(messageOf(await judged(hours(0), PLAIN))).toBe('');
    expect(messageOf(await judged(hours(14), PLAIN))).toBe('');
  });
});

describe('an archive that is laid out by another time than that of its records', () => {
  const late = camus([BUCKET - 5 * HOUR, BUCKET + 1]);

  it('is remarked, and an error only where a range left files out by names and most of a file strays', async () => {
    const told = await judged([late]);
    expect(told.error).toBeUndefined();
    expect(told.remark).toMatch(
      /^1 of 2 records have times that are not those of their files\. The first: .* The archive may be laid out by another time/,
    );
    const ranged = { from: BUCKET - 24 * HOUR };
    const most = camus([BUCKET - 5 * HOUR, BUCKET - 6 * HOUR, BUCKET]);
    expect((await judged([most], ranged, 3)).error?.message).toContain('The time range left out 3 files');
    const single = await judged([late], ranged, 3);
    expect(single.error).toBeUndefined();
    expect(single.remark).toContain('The time range left out 3 files by what names say; they may hold records of it');
  });

  it('passes as the job says: with a remark, or without a word where names tell nothing', async () => {
    const archive = (strayTimes: 'report' | 'ignore') => ({ archive: { dest: '/camus', strayTimes } });
    const reported = await judged([late, camus([5], { partition: 1 })], archive('report'), 3);
    expect(reported.error).toBeUndefined();
    expect(reported.remark).toContain(
      '2 of 3 records have times that are not those of their files, 1 of them by more than a year',
    );
    const ignored = await judged([late, camus([5], { partition: 1 })], archive('ignore'));
    expect([ignored.error, ignored.remark, ignored.counts.strays]).toEqual([undefined, undefined, undefined]);
  });

  it('names the option for long buckets where that would explain it', async () => {
    const { remark } = await judged([camus([BUCKET, BUCKET + 20 * HOUR])]);
    expect(remark).toContain('up to 1200 minutes behind the beginning of their buckets');
    expect(remark).toContain('set archive.bucketMinutes');
    const days = { archive: { dest: '/camus', bucketMinutes: 1440 } };
    expect(messageOf(await judged([camus([BUCKET, BUCKET + 20 * HOUR])], days))).toBe('');
  });
});

describe('a few wild times', () => {
  const times = Array.from({ length: 20 }, (_, at) => BUCKET + at);

  it('are remarked, and an error where they are most of a file', async () => {
    const few = await judged([camus([...times, 0])]);
    expect(few.error).toBeUndefined();
    expect(few.remark).toMatch(/^1 of 21 records .* It is 0: records that have no time/);
    const file = await judged([camus(times), camus([0, 0, BUCKET], { partition: 1 })]);
    expect(file.error?.facts).toMatchObject({ records: 2, wild: 2, wildFiles: 1, nearFiles: 0, ordinal: 0 });
    expect(file.error?.message).toContain('(most of 1 file are such)');
  });

  it('are counted apart where Kafka can not hold them: they are clamped', async () => {
    const { counts } = await judged([camus([BUCKET, -5])], { output: { invalidTimestamps: 'clamp' } });
    expect([counts.clamped, counts.strays]).toEqual([1, undefined]);
  });
});

describe('a field that is no point in time', () => {
  it.each([
    [{ type: 'int', logicalType: 'date' }, 16_376],
    [{ type: 'int', logicalType: 'time-millis' }, 3_600_000],
    [{ type: 'long', logicalType: 'time-micros' }, 3_600_000_000],
  ])('%j is refused, unless the job says what it counts', async (type, time) => {
    const file = camus([time], { type });
    await expect(judged([file])).rejects.toThrow(
      `is no point in time: name another one in time.field, or say in time.unit what one step of it is since 1970: expected a timestamp, or a number without a logical type, found ${type.logicalType}`,
    );
    await expect(judged([file], { time: { unit: 'millis' } })).resolves.toBeDefined();
  });
});

it('records outside of the range are told by their first and last time', async () => {
  const { counts } = await judged([camus([BUCKET, BUCKET + 9, BUCKET + 20])], { from: BUCKET + 20 });
  expect(counts).toMatchObject({ outOfRange: 2, outOfRangeTimes: { from: BUCKET, to: BUCKET + 9 } });
});
