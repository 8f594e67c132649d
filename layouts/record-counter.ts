import type { RecordCount, TopicCounts } from './archive-writing.ts';

/** Counts records of one topic. What it holds grows with producers and spans, not with records. */
export class RecordCounter {
  readonly #topic: string;
  readonly #granularity: number;
  readonly #counts = new Map<string, RecordCount>();
  #lastSum: RecordCount | undefined;
  #first = Infinity;
  #last = -Infinity;

  /** @param granularity milliseconds of a span */
  constructor(topic: string, granularity: number) {
    if (!Number.isInteger(granularity) || granularity < 1)
      throw new RangeError(`a span of counts has at least 1 ms, not ${granularity}`);
    this.#topic = topic;
    this.#granularity = granularity;
  }

  add(time: number, server: string, service: string, count = 1): void {
    const start = Math.floor(time / this.#granularity) * this.#granularity;
    const last = this.#lastSum;
    // Neighbours in a log are of one span and producer as a rule: a key for each record would cost more than the rest.
    if (last !== undefined && last.start === start && last.server === server && last.service === service)
      last.count += count;
    else this.#lastSum = this.#sum({ start, server, service, count });
    if (time < this.#first) this.#first = time;
    if (time > this.#last) this.#last = time;
  }

  /** Adds what was counted elsewhere, with the same granularity. */
  merge(other: TopicCounts): void {
    if (other.topic !== this.#topic || other.granularity !== this.#granularity)
      throw new RangeError(
        `counts of ${other.topic} by ${other.granularity} ms can't be added to those of ${this.#topic} by ${this.#granularity} ms`,
      );
    for (const count of other.counts) this.#sum(count);
    if (other.counts.length === 0) return;
    this.#first = Math.min(this.#first, other.firstTimestamp);
    this.#last = Math.max(this.#last, other.lastTimestamp);
  }

  /** What was counted, by start, server and service. */
  counts(startTime: number, endTime: number): TopicCounts {
    const sorted = [...this.#counts.values()].sort(
      (a, b) => a.start - b.start || compare(a.server, b.server) || compare(a.service, b.service),
    );
    const none = sorted.length === 0;
    return {
      topic: this.#topic,
      granularity: this.#granularity,
      counts: sorted,
      startTime,
      endTime,
      firstTimestamp: none ? 0 : this.#first,
      lastTimestamp: none ? 0 : this.#last,
    };
  }

  #sum({ start, server, service, count }: RecordCount): RecordCount {
    // A server's name may hold what separates the parts for people.
    const key = JSON.stringify([start, server, service]);
    const known = this.#counts.get(key);
    if (known === undefined) {
      const fresh = { start, server, service, count };
      this.#counts.set(key, fresh);
      return fresh;
    }
    known.count += count;
    return known;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
