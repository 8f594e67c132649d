import type { ByteSource } from '../../byte-source.ts';

interface Range {
  length: number;
  bytes: Promise<Uint8Array>;
}

/**
 * Reads a part of a file in large ranges, the next one under way while the current one is used. `take` never waits;
 * where it has too little, `fill` does. Only what lies across two ranges is copied. Memory: the range at hand, the one
 * under way, and the piece across; a range that is used up gives its memory to the next: `fill` ends what was peeked.
 */
export class SectionRanges {
  readonly #source: ByteSource;
  readonly #end: number;
  readonly #rangeBytes: number;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  #current: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** What remains of a range whose first bytes went into the piece at hand. */
  #following: Uint8Array | undefined;
  #underWay: Range | undefined;
  /** Memory of the range that came last, and of the one before it, which is used up when the next one is asked for. */
  #last: Uint8Array | undefined;
  #spare: Uint8Array | undefined;
  #requested: number;
  #wanted = 0;
  /** Position in the file of the next byte to take. */
  position: number;

  constructor(source: ByteSource, start: number, end: number, rangeBytes: number, signal?: AbortSignal) {
    this.#source = source;
    this.position = this.#requested = start;
    this.#end = end;
    this.#rangeBytes = rangeBytes;
    this.#signal = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
  }

  /** Bytes in memory or under way. */
  get bufferedBytes(): number {
    return this.#current.length + (this.#following?.length ?? 0) + (this.#underWay?.length ?? 0);
  }

  /** The next `count` bytes, valid until the next `fill`, without using them up; undefined where that must come first. */
  peek(count: number): Uint8Array | undefined {
    if (this.#at === this.#current.length && this.#following !== undefined) {
      this.#current = this.#following;
      this.#following = undefined;
      this.#at = 0;
    }
    if (this.#current.length - this.#at >= count) return this.#current.subarray(this.#at, this.#at + count);
    this.#wanted = count;
    return undefined;
  }

  skip(count: number): void {
    this.#at += count;
    this.position += count;
  }

  /** Waits until the bytes that `peek` wanted are there; they must lie before the end. */
  async fill(): Promise<void> {
    const wanted = this.#wanted;
    const rest = this.#current.subarray(this.#at);
    if (rest.length >= wanted) return;
    if (this.position + wanted > this.#end)
      throw new RangeError(`${wanted} bytes at ${this.position} lie beyond the end at ${this.#end}`);
    if (rest.length === 0) {
      this.#current = await this.#nextRange(wanted);
      this.#at = 0;
      if (this.#current.length < wanted) await this.fill();
      return;
    }
    const joined = Buffer.allocUnsafeSlow(wanted);
    joined.set(rest);
    let have = rest.length;
    while (have < wanted) {
      const part: Uint8Array = this.#following ?? (await this.#nextRange(wanted - have));
      const used = Math.min(part.length, wanted - have);
      joined.set(part.subarray(0, used), have);
      have += used;
      this.#following = used < part.length ? part.subarray(used) : undefined;
    }
    this.#current = joined;
    this.#at = 0;
  }

  /** Ends a range that is under way, and forgets the bytes. */
  close(): void {
    this.#closing.abort();
    this.#underWay = undefined;
    this.#following = undefined;
    this.#last = this.#spare = undefined;
    this.#current = new Uint8Array(0);
    this.#at = 0;
  }

  async #nextRange(atLeast: number): Promise<Uint8Array> {
    // A range that failed stays: every later call fails as the first one did, and none goes on behind it.
    const range = (this.#underWay ??= this.#request(atLeast));
    const bytes = await range.bytes;
    if (bytes.length !== range.length)
      throw new RangeError(`a byte source gave ${bytes.length} bytes of the ${range.length} that were asked for`);
    this.#spare = this.#last;
    this.#last = bytes;
    this.#underWay = this.#requested < this.#end ? this.#request(0) : undefined;
    return bytes;
  }

  #request(atLeast: number): Range {
    const length = Math.min(Math.max(this.#rangeBytes, atLeast), this.#end - this.#requested);
    const into = this.#spare !== undefined && this.#spare.length >= length ? this.#spare : undefined;
    this.#spare = undefined;
    const bytes = this.#source.read(this.#requested, length, this.#signal, into);
    // Whoever awaits the range sees its failure; after an early end nobody does.
    bytes.catch(() => undefined);
    this.#requested += length;
    return { length, bytes };
  }
}
