import type { FileStatus } from '../../connections/hdfs/file-store.ts';
import { DiskFileStore } from './disk-file-store.ts';

const MODIFIED_AT = Date.UTC(2018, 9, 4, 15);
const PARTITIONS = 4;
/** A prime: file by file, numbers of records go up and down through all of the topic. */
const STEP = 7_919;

/**
 * What a NiFi flow without MergeContent leaves, of any size, and takes no room: one folder with a file for each message,
 * whose names tell nothing of their order. Names and lines are computed when they are asked for.
 */
export class SimulatedLines extends DiskFileStore {
  /** What was asked of the folder; `ahead`: most files that were listed, and not asked for yet whether they are open. */
  readonly asked = { lists: 0, opens: 0, statuses: 0, reads: 0, ahead: 0, atOnce: 0 };
  readonly #topic: string;
  readonly #files: number;
  readonly #folder: string;
  #listed = 0;
  #reading = 0;

  private constructor({ topic, dest, files }: { topic: string; dest: string; files: number }) {
    super();
    this.#topic = topic;
    this.#files = files;
    this.#folder = `${dest}/${topic}`;
  }

  /** @param flow `files`: no multiple of 7,919 */
  static async open(flow: { topic: string; dest: string; files: number }): Promise<SimulatedLines> {
    const store = new SimulatedLines(flow);
    await store.makeDirectory(store.#folder);
    return store;
  }

  override async status(path: string, signal?: AbortSignal): Promise<FileStatus | undefined> {
    const number = this.#numberOf(path);
    if (number === undefined) return super.status(path, signal);
    this.asked.statuses += 1;
    return this.#file(number);
  }

  override async *list(path: string, signal?: AbortSignal): AsyncGenerator<FileStatus, void, undefined> {
    if (path !== this.#folder) {
      yield* super.list(path, signal);
      return;
    }
    this.asked.lists += 1;
    const before = this.asked.opens;
    this.#listed = 0;
    for (let number = 0; number < this.#files; number += 1) {
      this.#listed += 1;
      this.asked.ahead = Math.max(this.asked.ahead, this.#listed - (this.asked.opens - before));
      yield this.#file(number);
    }
  }

  override async isBeingWritten(path: string): Promise<boolean | undefined> {
    if (this.#numberOf(path) === undefined) return super.isBeingWritten(path);
    this.asked.opens += 1;
    return false;
  }

  override async read(path: string, position: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const number = this.#numberOf(path);
    if (number === undefined) return super.read(path, position, length, signal);
    this.asked.reads += 1;
    this.#reading += 1;
    this.asked.atOnce = Math.max(this.asked.atOnce, this.#reading);
    // As an answer of a server: others have their turn.
    await new Promise((resolve) => setImmediate(resolve));
    this.#reading -= 1;
    const line = this.#line(number);
    if (position + length > line.length) throw new RangeError(`${path} has ${line.length} bytes`);
    return line.subarray(position, position + length);
  }

  #file(number: number): FileStatus {
    const path = `${this.#folder}/${String(number).padStart(10, '0')}`;
    return { path, kind: 'file', length: this.#line(number).length, modifiedAt: MODIFIED_AT };
  }

  /** Undefined for what is no file of the flow. */
  #numberOf(path: string): number | undefined {
    if (!path.startsWith(`${this.#folder}/`)) return undefined;
    const name = path.slice(this.#folder.length + 1);
    return /^\d{10}$/.test(name) ? Number(name) : undefined;
  }

  #line(number: number): Buffer {
    const record = (number * STEP) % this.#files;
    const [partition, offset] = [record % PARTITIONS, Math.floor(record / PARTITIONS)];
    return Buffer.from(`${this.#topic}-${partition}-${offset}<@>key ${record}<@>{"record":${record}}`);
  }
}
