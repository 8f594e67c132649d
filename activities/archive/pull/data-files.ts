import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { ChunkPipe, type SharedRoom } from '../../../formats/output/chunk-pipe.ts';
import type { FileWriter } from '../../../formats/output/file-writer.ts';
import type { PulledFile } from './pull-report.ts';
import { RunningOffset } from './running-offset.ts';

/** A data file under way. */
export interface DataFile {
  readonly writer: FileWriter;
  /** Offset of its first record, and one past that of its last. */
  first: bigint;
  readonly next: RunningOffset;
}

/** What a data file is for. */
export interface DataFilePlace {
  topic: string;
  partition: number;
  /** Tells the file from the others of its partition: bucket and form. */
  key: string;
  /** Holds bad records, whole: they don't count among those that are archived. */
  apart?: true;
  /** Where it belongs, once its records and next offset are known. */
  target: (records: number, next: bigint) => string;
}

export interface DataFileLimits {
  /** Files under way; each holds a block and a chunk of some 200 KiB. @default 192 */
  open?: number;
  /** Of those, files of which bytes are on their way already: each holds a connection. @default 8 */
  sending?: number;
  /** Ended files whose last bytes HDFS has not confirmed: a close takes 0.4 s by default. @default 12 */
  closing?: number;
  /** Records of the pull after which a file that none of them was for is ended. @default 262,144 */
  idle?: number;
}

const SENDING = 8;

/**
 * Limits by which files that close always find a connection, which those that are under way leave them.
 *
 * @param connections - to one host, which may be where all files go
 */
export function dataFileLimits(connections: number): DataFileLimits {
  return { sending: Math.max(1, Math.min(SENDING, connections >> 1)) };
}

/**
 * Bytes that may wait for HDFS beside a MiB of each file: a DataNode that closes a file sleeps for 0.4 s, and other files
 * that it is sent by the same thread stand still meanwhile.
 */
const SHARED_ROOM = 12 * 1024 * 1024;

/**
 * The data files of a pull. Small ones are sent when they end, large ones while they grow. How many there are at a time
 * is bounded whatever the number of buckets: the one that was used least recently is ended early, and the bucket gets a
 * second file if it comes again. A bucket whose time is over is ended early too: its memory is free then, and a range
 * doesn't end with all its files closing at once. Closing is off the way: whoever reads goes on meanwhile.
 *
 * One under way keeps its connection while it waits for records. So those that are too many begin to close as soon as they
 * have one, whatever is waited for: that may be in want of their connections.
 */
export class DataFiles {
  readonly #store: FileStore;
  readonly #folder: string;
  readonly #signal: AbortSignal;
  readonly #limits: Required<DataFileLimits>;
  /** In the order in which they were used, the least recently used first. */
  readonly #open = new Map<string, OpenFile>();
  readonly #closing = new Set<Promise<void>>();
  readonly #room: SharedRoom = { most: SHARED_ROOM, used: 0 };
  readonly #finished: PulledFile[] = [];
  #failure: { error: unknown } | undefined;
  #number = 0;
  #records = 0;
  /** Whoever appends keeps it: it is used without being asked for. */
  #current: OpenFile | undefined;

  constructor(store: FileStore, folder: string, signal: AbortSignal, limits: DataFileLimits = {}) {
    this.#store = store;
    this.#folder = folder;
    this.#signal = signal;
    this.#limits = { open: 192, sending: SENDING, closing: 12, idle: 1 << 18, ...limits };
  }

  /** The file of this key, if it is under way. */
  get(key: string): DataFile | undefined {
    const file = this.#open.get(key);
    if (file === undefined) return undefined;
    this.#open.delete(key);
    this.#open.set(key, file);
    this.#use(file);
    return file;
  }

  /** Begins a file; ends another one where there are too many. */
  async begin(
    place: DataFilePlace,
    first: bigint,
    open: (sink: ChunkPipe | LazyUpload) => Promise<FileWriter>,
  ): Promise<DataFile> {
    while (this.#open.size >= this.#limits.open) await this.#end(this.#leastRecent());
    await this.#closingBounded();
    const path = `${this.#folder}/${String(this.#number++).padStart(6, '0')}`;
    const upload = new LazyUpload(this.#store, path, this.#signal, this.#room, () =>
      // Not in the middle of what has begun it; and a block that was compressed meanwhile does so while others are waited for.
      queueMicrotask(() => this.#endExcess()),
    );
    const next = new RunningOffset(first);
    const file: OpenFile = { place, path, upload, writer: await open(upload), first, next, usedAt: 0 };
    this.#open.set(place.key, file);
    this.#use(file);
    return file;
  }

  /**
   * To be called now and then: ends files that were not used for long, and others where too many hold a connection.
   *
   * @param records that were looked at since the last call
   */
  async keepBounds(records: number): Promise<void> {
    this.#records += records;
    while (this.#open.size > 1 && this.#records - this.#leastRecent().usedAt > this.#limits.idle)
      await this.#end(this.#leastRecent());
    this.#endExcess();
    await this.#closingBounded();
  }

  /** Ends all files under way; waits for their closing only where too many close at once. */
  async endAll(): Promise<void> {
    while (this.#open.size > 0) await this.#end(this.#leastRecent());
  }

  /** Waits until every file is closed, and gives all of them. */
  async finished(): Promise<PulledFile[]> {
    await this.endAll();
    while (this.#closing.size > 0) await Promise.race(this.#closing);
    this.#throwFailure();
    return this.#finished;
  }

  /** Gives up what is under way: the folder is the caller's to delete. */
  abandon(error: unknown): void {
    for (const { upload } of this.#open.values()) upload.fail(error);
    this.#open.clear();
  }

  #use(file: OpenFile): void {
    if (this.#current !== undefined) this.#current.usedAt = this.#records;
    file.usedAt = this.#records;
    this.#current = file;
  }

  #leastRecent(): OpenFile {
    return this.#open.values().next().value!;
  }

  async #end(file: OpenFile): Promise<void> {
    this.#beginClosing(file);
    await this.#closingBounded();
  }

  /** Ends files that hold connections, where they are too many: those that were used least recently, never the one in hand. */
  #endExcess(): void {
    const sending = [...this.#open.values()].filter(({ upload }) => upload.begun);
    for (const file of sending.slice(0, Math.max(0, sending.length - this.#limits.sending))) this.#beginClosing(file);
  }

  async #closingBounded(): Promise<void> {
    while (this.#closing.size > this.#limits.closing) await Promise.race(this.#closing);
    this.#throwFailure();
  }

  #beginClosing(file: OpenFile): void {
    this.#open.delete(file.place.key);
    const closing = this.#close(file)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  async #close({ place, path, upload, writer, first, next }: OpenFile): Promise<void> {
    // Begun for records of which none could be appended: what was sent goes with the attempt's folder.
    if (writer.records === 0 && !upload.begun) return;
    const { length, records, crc32c } = await writer.end();
    const stored = await upload.end();
    if (stored !== length)
      throw new ConnectionError(
        'unavailable',
        `${path}: expected ${length} bytes on HDFS, found ${stored}; the pull is done again`,
        { path, expected: length, found: stored },
      );
    if (records === 0) return;
    const { topic, partition, apart } = place;
    this.#finished.push({
      kind: 'file',
      topic,
      partition,
      path,
      target: place.target(records, next.value),
      length,
      crc32c,
      records,
      first: String(first),
      next: String(next.value),
      ...(apart && { apart }),
    });
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

interface OpenFile extends DataFile {
  place: DataFilePlace;
  path: string;
  upload: LazyUpload;
  /** Records of the pull when it was last used. */
  usedAt: number;
}

/** Begins to write to HDFS with the first chunk: a small file needs a connection only when it ends. */
export class LazyUpload {
  readonly #store: FileStore;
  readonly #path: string;
  readonly #signal: AbortSignal;
  readonly #pipe: ChunkPipe;
  readonly #begun: () => void;
  #written: Promise<number> | undefined;

  constructor(store: FileStore, path: string, signal: AbortSignal, room: SharedRoom, begun: () => void) {
    this.#store = store;
    this.#path = path;
    this.#signal = signal;
    this.#pipe = new ChunkPipe(undefined, room);
    this.#begun = begun;
  }

  get begun(): boolean {
    return this.#written !== undefined;
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    void this.#begin();
    return this.#pipe.write(chunk);
  }

  /** Bytes that HDFS has. */
  async end(): Promise<number> {
    const written = this.#begin();
    this.#pipe.end();
    return written;
  }

  fail(error: unknown): void {
    this.#pipe.fail(error);
  }

  #begin(): Promise<number> {
    if (this.#written === undefined) {
      this.#written = this.#store.write(this.#path, this.#pipe, { signal: this.#signal });
      // Whoever writes next, or ends the file, is told.
      this.#written.catch((error: unknown) => this.#pipe.fail(error));
      this.#begun();
    }
    return this.#written;
  }
}
