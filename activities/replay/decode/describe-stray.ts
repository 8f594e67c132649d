import type { ReplayJob } from '../job/replay-job.ts';
import { millisOf, type TimeUnit } from '../record/record-time.ts';
import type { StrayRecord, StrayTimes } from '../record/stray-times.ts';
import { int64FromBigInt } from '../../../formats/int64.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The end of JavaScript's calendar. */
const LAST_DATE = 8.64e15;

/** Which record, the time that was found, and the times that were expected. */
export function describeStray(stray: StrayRecord, { archive }: ReplayJob): string {
  const { file, ordinal, fromByte, time, unit, millis, expected } = stray;
  const part = fromByte === undefined || fromByte === 0 ? '' : ` of those from byte ${fromByte} on`;
  const by = {
    name: `its name (bucket ${expected.shown ?? ''}) says`,
    folder: `its folder, in ${archive.timeZone}, says`,
    nothing: 'a file of its age can have',
  };
  return `${file}, record ${ordinal}${part}: ${time} ${unit} is ${dateText(millis)}, and ${by[expected.by]} ${dateText(expected.from)} to ${dateText(expected.to)}`;
}

/** What is likely wrong, and what to do about it; empty where nothing is likely. */
export function causeOfStray(stray: StrayRecord, strays: StrayTimes, job: ReplayJob, read: number): string {
  const { origin, time } = stray;
  if (stray === strays.first) return causeOfNear(stray, strays, job);
  const unit = unitThatFits(stray);
  if (origin === 'function')
    return `It is what functions.time (${job.functions.time ?? ''}) told: expected milliseconds since 1970.`;
  if (unit !== undefined) {
    if (strays.records < read && strays.wild < read)
      return `They would fit as ${unit}, while other records fit as ${stray.unit}: no unit is right for all. Replay such files in a job of their own (archive.input, time.unit), or tell the time by functions.time.`;
    return `They would fit as ${unit}: set ${origin === 'text' ? 'time.format' : `time.unit to "${unit}"`}.`;
  }
  if (origin === 'key')
    return 'It is the LongWritable beside the text, which may be an offset or a position: say in time.field or time.pattern, and time.format, where in the text its time is; or set order to "file" and output.timestamps to "publish".';
  if (time === '0') return 'It is 0: records that have no time, which Camus puts into the bucket of its own run.';
  return `No unit makes them fit: check time.field${origin === 'text' ? ', time.pattern and time.format' : ''}.`;
}

/** Times that are off by hours or days: a zone, the length of a bucket, or another time than that of the records. */
function causeOfNear({ expected }: StrayRecord, { least, most }: StrayTimes, job: ReplayJob): string {
  const another =
    'The archive may be laid out by another time than that of its records (that of writing, another field).';
  if (expected.by === 'folder') {
    // A record stands in the hour that its folder shows: the clock is ahead of UTC by what is shown less its time, plus
    // how far it stands in the hour.
    const [fewest, furthest] = [-least, HOUR - most];
    if (furthest < fewest - HOUR) return `${another} Or archive.timeZone (${job.archive.timeZone}) is not theirs.`;
    const zones = fewest <= 0 && furthest > 0 ? 'UTC' : `a zone ${hoursText(fewest, furthest)} ahead of UTC`;
    return `They would fit folders in ${zones}: set archive.timeZone (it is ${job.archive.timeZone}).`;
  }
  if (expected.by === 'name' && least >= 0 && most < 32 * 24 * HOUR)
    return `They are up to ${Math.ceil(most / MINUTE)} minutes behind the beginning of their buckets: if Camus's etl.output.file.time.partition.mins is more than 60, set archive.bucketMinutes to it. ${another}`;
  return another;
}

/** Offsets of zones are quarters of an hour. */
function hoursText(from: number, to: number): string {
  const text = (ms: number): string => String(Math.round((ms / HOUR) * 4) / 4);
  const [least, most] = [text(Math.min(from, to)), text(Math.max(from, to))];
  return least === most ? `${least} hours` : `${least} to ${most} hours`;
}

const UNITS: readonly TimeUnit[] = ['seconds', 'millis', 'micros', 'nanos'];

/** The unit in which a time would be one of those that are expected. */
function unitThatFits({ time, expected }: StrayRecord): TimeUnit | undefined {
  return UNITS.find((unit) => {
    const value = int64FromBigInt(BigInt(time));
    millisOf(unit)(value, value);
    const millis = value.hi * 2 ** 32 + value.lo;
    return millis >= expected.from && millis < expected.to;
  });
}

/** ISO 8601, whatever there is of a calendar. */
export function dateText(millis: number): string {
  if (Math.abs(millis) > LAST_DATE) return `${millis < 0 ? 'before' : 'after'} all calendars`;
  return new Date(millis).toISOString().replace('.000Z', 'Z');
}
