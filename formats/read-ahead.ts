import { setImmediate as turn } from 'node:timers/promises';
import type { ByteSource } from './byte-source.ts';

export interface ReadAheadOptions {
  /** First byte to read. @default 0 */
  start?: number;
  /** Nothing from this byte on is fetched before it is asked for: the end of a split. @default the source's length */
  softEnd?: number;
  /** Bytes a range. Up to two ranges are held: the one being used, and the next one under way. @default 2 MiB */
  window?: number;
  /** Whether the next range is fetched while one is used. @default true */
  ahead?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

const DEFAULT_WINDOW = 2 * 1024 * 1024;

/** Past the soft end ranges are this small: only the rest of one block or record is wanted there. */
const TAIL_WINDOW = 64 * 1024;

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
}

/**
 * Sequential reading of a `ByteSource` in large ranges, the next one fetched while the current one is used.
 * `fill` makes bytes available and is the only thing that waits; `buffer`, `at` and `skip` use them. Views stay
 * valid: a range's memory is never written to again.
 */
export class ReadAhead {
  readonly #source: ByteSource;
  readonly #window: number;
  readonly #softEnd: number;
  readonly #ahead: boolean;
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

  constructor(source: ByteSource, options: ReadAheadOptions = {}) {
    this.#source = source;
    this.#window = options.window ?? DEFAULT_WINDOW;
    this.#softEnd = Math.min(options.softEnd ?? source.length, source.length);
    this.#ahead = options.ahead ?? true;
    this.#requested = Math.min(options.start ?? 0, source.length);
    this.#bufferStart = this.#lookedAt = this.#requested;
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
      if (this.#next !== undefined && this.position - this.#lookedAt >= TURN_BYTES) {
        this.#lookedAt = this.position;
        await turn();
      }
      return this.available;
    }
    const parts = [this.buffer.subarray(this.at)];
    let have = parts[0]!.length;
    while (have < wanted) {
      const part = await this.#advance(wanted - have);
      parts.push(part);
      have += part.length;
    }
    this.#bufferStart += this.at;
    this.at = 0;
    this.buffer = have === parts.at(-1)!.length ? parts.at(-1)! : Buffer.concat(parts, have);
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
    this.#next = undefined;
    this.#requested = target;
    this.#bufferStart = target;
    this.buffer = new Uint8Array(0);
    this.at = 0;
  }

  /** Ends a range that is under way. Nothing can be read afterwards. */
  close(): void {
    this.#next = undefined;
    this.#closing.abort(CLOSED);
  }

  async #advance(atLeast: number): Promise<Uint8Array> {
    const range = this.#next ?? this.#request(this.#rangeLength(atLeast));
    this.#next = undefined;
    const bytes = await range.bytes;
    if (bytes.length !== range.length)
      throw new RangeError(`a byte source gave ${bytes.length} bytes of the ${range.length} that were asked for`);
    const ahead = Math.min(this.#window, this.#softEnd - this.#requested);
    if (this.#ahead && ahead > 0) this.#next = this.#request(ahead);
    return bytes;
  }

  #rangeLength(atLeast: number): number {
    const useful = Math.max(this.#softEnd - this.#requested, Math.min(TAIL_WINDOW, this.#window));
    return Math.min(Math.max(atLeast, Math.min(this.#window, useful)), this.#source.length - this.#requested);
  }

  #request(length: number): Range {
    const bytes = this.#source.read(this.#requested, length, this.#signal);
    // Whoever awaits the range sees the failure; nobody may come to await it after an early end.
    bytes.catch(() => undefined);
    this.#requested += length;
    return { length, bytes };
  }
}
