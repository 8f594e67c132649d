import type { FileStatus } from '../../connections/hdfs/file-store.ts';
import { AvroContainerWriter } from './camus-archive/avro-container-writer.ts';
import { putLong, putString } from './camus-archive/avro-binary.ts';
import { DiskFileStore } from './disk-file-store.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2014, 0, 1);
const PARTITIONS = 64;
const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Event',
  fields: [
    { name: 'time', type: 'long' },
    { name: 'body', type: 'string' },
  ],
});

export interface SimulatedArchiveOptions {
  topic: string;
  dest: string;
  files: number;
  /** Of each file. */
  bytes: number;
  /** Hours that they are spread over. @default a year's */
  hours?: number;
  /** How much later, in ms, times of records are than those of their hour. @default 0 */
  shift?: number;
}

/**
 * A Camus archive of any size that takes no room: its folders are computed when they are listed, and so are the bytes
 * at the beginning of its files, a container of records of the file's hour.
 */
export class SimulatedArchive extends DiskFileStore {
  /** What was asked of the archive. */
  readonly asked = { lists: 0, statuses: 0, reads: 0 };
  readonly #options: Required<SimulatedArchiveOptions>;
  readonly #root: string;
  readonly #heads = new Map<number, Buffer>();
  /** Names of folders by the folder that they are in. */
  readonly #below = new Map<string, Set<string>>();

  constructor(options: SimulatedArchiveOptions) {
    super();
    this.#options = { hours: 365 * 24, shift: 0, ...options };
    this.#root = `${options.dest}/${options.topic}/hourly`;
    for (let hour = 0; hour < this.#options.hours; hour += 1) {
      let above = this.#root;
      for (const name of this.#folderOf(hour)
        .slice(this.#root.length + 1)
        .split('/')) {
        const names = this.#below.get(above) ?? new Set<string>();
        this.#below.set(above, names.add(name));
        above += `/${name}`;
      }
    }
  }

  override async status(path: string, signal?: AbortSignal): Promise<FileStatus | undefined> {
    if (this.isWritten(path) || !this.#isOfArchive(path)) return super.status(path, signal);
    this.asked.statuses += 1;
    const hour = this.#hourOf(path);
    if (hour === undefined) return { path, kind: 'directory', length: 0, modifiedAt: START };
    return this.#filesOf(hour).find((file) => file.path === path);
  }

  override async *list(path: string, signal?: AbortSignal): AsyncGenerator<FileStatus, void, undefined> {
    if (!this.#isOfArchive(path)) {
      yield* super.list(path, signal);
      return;
    }
    this.asked.lists += 1;
    // As an answer of a server: others have their turn.
    await new Promise((resolve) => setImmediate(resolve));
    if (path.length < this.#root.length) {
      yield folder(`${path}/${this.#root.slice(path.length + 1).split('/')[0]}`);
      return;
    }
    const hour = this.#hourOf(`${path}/`);
    if (hour !== undefined) {
      yield* this.#filesOf(hour);
      return;
    }
    for (const name of [...(this.#below.get(path) ?? [])].sort()) yield folder(`${path}/${name}`);
  }

  override async read(path: string, position: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const hour = !this.isWritten(path) && this.#isOfArchive(path) ? this.#hourOf(path) : undefined;
    if (hour === undefined) return super.read(path, position, length, signal);
    this.asked.reads += 1;
    const head = await this.#head(hour);
    if (position + length > head.length)
      throw new RangeError(
        `the simulated ${path} has its first ${head.length} bytes alone: not ${length} at ${position}`,
      );
    return head.subarray(position, position + length);
  }

  /** Above the archive too, down to which a glob walks. */
  #isOfArchive(path: string): boolean {
    return path === this.#root || path.startsWith(`${this.#root}/`) || this.#root.startsWith(`${path}/`);
  }

  #folderOf(hour: number): string {
    const [date = '', time = ''] = new Date(START + hour * HOUR).toISOString().split('T');
    return `${this.#root}/${date.replaceAll('-', '/')}/${time.slice(0, 2)}`;
  }

  /** Undefined for what is no file of an hour. */
  #hourOf(path: string): number | undefined {
    const match = /^\/(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)\//.exec(path.slice(this.#root.length));
    if (match === null) return undefined;
    const [year = 0, month = 0, day = 0, hour = 0] = match.slice(1).map(Number);
    return (Date.UTC(year, month - 1, day, hour) - START) / HOUR;
  }

  #filesOf(hour: number): FileStatus[] {
    const { files, hours, bytes, topic } = this.#options;
    const count = Math.floor(((hour + 1) * files) / hours) - Math.floor((hour * files) / hours);
    const at = START + hour * HOUR;
    const folderPath = this.#folderOf(hour);
    return Array.from({ length: count }, (_, index) => {
      const partition = index % PARTITIONS;
      const offset = (hour * 1000 + Math.floor(index / PARTITIONS) + 1) * 100_000;
      const path = `${folderPath}/${topic}.${partition % 8}.${partition}.100000.${offset}.${at}.avro`;
      return { path, kind: 'file' as const, length: bytes, modifiedAt: at + 2 * HOUR };
    }).sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** The beginning of a container: more than a sample reads. */
  async #head(hour: number): Promise<Buffer> {
    const known = this.#heads.get(hour);
    if (known !== undefined) return known;
    const writer = new AvroContainerWriter({ schema: SCHEMA, sync: Buffer.alloc(16, 7), syncInterval: 4000 });
    const pieces: Uint8Array[] = [];
    for await (const piece of writer.chunks(2000, (ordinal, out) => {
      out.reserve(128);
      putLong(out, START + hour * HOUR + this.#options.shift + ordinal);
      putString(out, 'a record of the simulated archive, of about a hundred bytes, which is as long as it need be');
    }))
      pieces.push(piece);
    const head = Buffer.concat(pieces);
    if (this.#heads.size < 64) this.#heads.set(hour, head);
    return head;
  }
}

function folder(path: string): FileStatus {
  return { path, kind: 'directory', length: 0, modifiedAt: START };
}
