import { setImmediate as turn } from 'node:timers/promises';
import type { ByteSource } from './byte-source.ts';
import type { RangeMemory } from './range-memory.ts';

export interface ReadAheadOptions {
  /** First byte to read. @default 0 */
  start?: number;
  /** Nothing from this byte on is fetched before it is asked for: the end of a split. @default the source's length */
  softEnd?: number;
  /**
   * Bytes a range; the last one before the soft end may have twice as many, and what is read past that end. Up to two
   * ranges are held: the one being used, and the next one under way. @default 2 MiB
   */
  window?: number;
  /** Whether the next range is fetched while one is used. @default true */
  ahead?: boolean | undefined;
  /** Where ranges are put; then views are valid up to the next `fill`, `skip` or `close`. @default memory of their own */
  memory?: RangeMemory | undefined;
  signal?: AbortSignal | undefined;
}

/** Bytes a range, unless told otherwise. */
export const READ_WINDOW = 2 * 1024 * 1024;

/** Past the soft end ranges are this small: only the rest of one block or record is wanted there. */
export const TAIL_WINDOW = 64 * 1024;

/** Before a range in memory that is used again is room for what is left of the one before: of a block, mostly. */
const ROOM_BEFORE = 128 * 1024;

/**
 * Bytes that are used between two looks at the network: a range is some requests and answers, and without those it would
 * only come when the one before is used up.
 */
const TURN_BYTES = 256 * 1024;

/** One for all readers: of a small file two are closed, and to make an error takes as long as to decode some records. */
const CLOSED = new DOMException('The reader was closed', 'AbortError');

interface Range {
  length: number;
  bytes: Promise<Uint8Array>;
  /** Where it is put, if it is told where. */
  into: Buffer | undefined;
}

/**
 * Sequential reading of a `ByteSource` in large ranges, the next one fetched while the current one is used.
 * `fill` makes bytes available and is the only thing that waits; `buffer`, `at` and `skip` use them. Views stay
 * valid, since a range's memory is never written to again: unless there is `memory` for that.
 */
export class ReadAhead {
  readonly #source: ByteSource;
  readonly #window: number;
  readonly #softEnd: number;
  readonly #ahead: boolean;
  readonly #memory: RangeMemory | undefined;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  #next: Range | undefined;
  /** Position in the file behind the last byte that was requested. */
  #requested: number;
  /** Position at the last look at the network. */
  #lookedAt: number;
  /** The bytes at hand; those before `at` have been used. */
  buffer: Uint8Array = new Uint8Array(0);
  at = 0;
  #bufferStart: number;
  /** What the buffer is in, where that is to be used again. */
  #backing: Buffer | undefined;

  constructor(source: ByteSource, options: ReadAheadOptions = {}) {
    this.#source = source;
    this.#window = options.window ?? READ_WINDOW;
    this.#softEnd = Math.min(options.softEnd ?? source.length, source.length);
    this.#ahead = options.ahead ?? true;
    this.#memory = options.memory;
    const start = Math.min(options.start ?? 0, source.length);
    this.buffer = source.head?.subarray(start) ?? this.buffer;
    this.#requested = start + this.buffer.length;
    this.#bufferStart = this.#lookedAt = start;
    this.#signal =
      options.signal === undefined ? this.#closing.signal : AbortSignal.any([options.signal, this.#closing.signal]);
  }

  /** Position in the file of the next byte. */
  get position(): number {
    return this.#bufferStart + this.at;
  }

  /** Bytes that can be used without waiting. */
  get available(): number {
    return this.buffer.length - this.at;
  }

  /** Bytes from here to the end of the file. */
  get remaining(): number {
    return this.#source.length - this.position;
  }

  /**
   * Makes at least `count` bytes available, or all that the file still has.
   * @returns the bytes available, fewer than `count` only at the end of the file
   */
  async fill(count: number): Promise<number> {
    const wanted = Math.min(count, this.remaining);
    if (this.available >= wanted) {
      if (this.#next === undefined) this.#prefetch();
      if (this.#next !== undefined && this.position - this.#lookedAt >= TURN_BYTES) {
        this.#lookedAt = this.position;
        await turn();
      }
      return this.available;
    }
    let have = this.available;
    while (have < wanted) {
      const range = await this.#advance(wanted - have);
      this.#append(range);
      have += range.bytes.length;
    }
    return have;
  }

  /** The next `count` bytes, which must be available; they count as used. */
  take(count: number): Uint8Array {
    const view = this.buffer.subarray(this.at, this.at + count);
    this.at += count;
    return view;
  }

  /** Passes over `count` bytes; those that were not fetched yet are not fetched. */
  async skip(count: number): Promise<void> {
    const beyond = count - this.available;
    if (beyond <= 0) {
      this.at += count;
      return;
    }
    const target = this.position + count;
    if (target <= this.#requested) {
      await this.fill(count);
      this.at += count;
      return;
    }
    this.#leaveNext();
    this.#requested = target;
    this.#bufferStart = target;
    this.#use(new Uint8Array(0), undefined);
  }

  /** Ends a range that is under way. Nothing can be read afterwards. */
  close(): void {
    this.#leaveNext();
    this.#closing.abort(CLOSED);
    this.#use(new Uint8Array(0), undefined);
  }

  async #advance(atLeast: number): Promise<{ bytes: Uint8Array; backing: Buffer | undefined }> {
    const { length, bytes: coming, into } = this.#next ?? this.#request(this.#rangeLength(atLeast));
    this.#next = undefined;
    const bytes = await coming;
    if (bytes.length !== length)
      throw new RangeError(`a byte source gave ${bytes.length} bytes of the ${length} that were asked for`);
    const isThere = into !== undefined && bytes.buffer === into.buffer;
    if (into !== undefined && !isThere) this.#memory?.give(into);
    this.#prefetch();
    return { bytes, backing: isThere ? into : undefined };
  }

  /** Puts bytes behind those that are left of the buffer. */
  #append({ bytes, backing }: { bytes: Uint8Array; backing: Buffer | undefined }): void {
    const left = this.buffer.subarray(this.at);
    this.#bufferStart += this.at;
    if (left.length === 0) return this.#use(bytes, backing);
    if (backing !== undefined && left.length <= ROOM_BEFORE) {
      backing.set(left, ROOM_BEFORE - left.length);
      return this.#use(backing.subarray(ROOM_BEFORE - left.length, ROOM_BEFORE + bytes.length), backing);
    }
    const length = left.length + bytes.length;
    const both = this.#memory?.take(length) ?? Buffer.allocUnsafeSlow(length);
    both.set(left);
    both.set(bytes, left.length);
    if (backing !== undefined) this.#memory?.give(backing);
    this.#use(both.subarray(0, length), this.#memory === undefined ? undefined : both);
  }

  #use(buffer: Uint8Array, backing: Buffer | undefined): void {
    if (this.#backing !== undefined) this.#memory?.give(this.#backing);
    this.buffer = buffer;
    this.at = 0;
    this.#backing = backing;
  }

  /** What is under way is written until its end: its memory is free then. */
  #leaveNext(): void {
    const next = this.#next;
    this.#next = undefined;
    const free = (): void => {
      if (next?.into !== undefined) this.#memory?.give(next.into);
    };
    next?.bytes.then(free, free);
  }

  #prefetch(): void {
    if (this.#ahead && this.#requested < this.#softEnd) this.#next = this.#request(this.#rangeLength(0));
  }

  /** What a request costs is saved where a range more would have little, or only what the last block has past the soft end. */
  #rangeLength(atLeast: number): number {
    const tail = Math.min(TAIL_WINDOW, this.#window);
    const left = this.#softEnd - this.#requested;
    const useful = left <= 0 ? tail : left <= 2 * this.#window ? left + tail : this.#window;
    return Math.min(Math.max(atLeast, useful), this.#source.length - this.#requested);
  }

  #request(length: number): Range {
    const into = this.#memory?.take(ROOM_BEFORE + length);
    const bytes = this.#source.read(this.#requested, length, this.#signal, into?.subarray(ROOM_BEFORE));
    // Whoever awaits the range sees the failure; nobody may come to await it after an early end.
    bytes.catch(() => undefined);
    this.#requested += length;
    return { length, bytes, into };
  }
}
