const HOUR = 3_600_000;
/** No zone's offset changes within a quarter of an hour. */
const QUARTER = 900_000;

/** Where Camus's DefaultPartitioner puts a time. */
export interface TimeBucket {
  /** YYYY/MM/dd/HH in the zone of the folders. */
  folder: string;
  /** Milliseconds since 1970 UTC: the last number in a file's name. */
  start: number;
}

/**
 * Hourly buckets as Camus's DateUtils.getPartition cuts them: the local time is floored to the hour and taken back to
 * UTC, so that on the day when the clocks go back both hours of 01 o'clock share one bucket, that of the first.
 */
export class TimeBuckets {
  private readonly format: Intl.DateTimeFormat;
  private readonly byQuarter = new Map<number, TimeBucket>();
  private readonly byStart = new Map<number, TimeBucket>();

  constructor(timeZone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** The bucket of a time: the same object for all times in it. */
  of(time: number): TimeBucket {
    const quarter = Math.floor(time / QUARTER);
    const known = this.byQuarter.get(quarter);
    if (known !== undefined) return known;
    const bucket = this.cut(quarter * QUARTER);
    this.byQuarter.set(quarter, bucket);
    return bucket;
  }

  private cut(time: number): TimeBucket {
    const local = Math.floor((time + this.offset(time)) / HOUR) * HOUR;
    const start = [time - 3 * HOUR, time, time + 3 * HOUR]
      .map((near) => local - this.offset(near))
      .filter((candidate) => candidate + this.offset(candidate) === local)
      .reduce((a, b) => Math.min(a, b), Infinity);
    const known = this.byStart.get(start);
    if (known !== undefined) return known;
    const folder = new Date(local).toISOString().slice(0, 13).replaceAll('-', '/').replace('T', '/');
    const bucket = { folder, start };
    this.byStart.set(start, bucket);
    return bucket;
  }

  /** Milliseconds that local time is ahead of UTC. */
  private offset(time: number): number {
    const part = new Map(this.format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const get = (name: Intl.DateTimeFormatPartTypes): number => part.get(name) ?? 0;
    const local = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
    return local - Math.floor(time / 1000) * 1000;
  }
}
