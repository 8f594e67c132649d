import { ConnectionError } from '../../connections/connection-error.ts';
import { compareBytes } from '../../connections/hdfs/byte-order.ts';
import type { FileStatus, FileStore, Quotas, Space, WriteOptions } from '../../connections/hdfs/file-store.ts';
import { joinPath, normalizePath, parentPath, pathSegments } from '../../connections/hdfs/hdfs-path.ts';

interface Entry {
  /** Undefined for a directory. */
  bytes: Buffer | undefined;
  modifiedAt: number;
  rights: string;
}

/** A FileStore in memory, for tests and trials; it keeps the contract that the real one keeps. */
export class MemoryFileStore implements FileStore {
  readonly #entries = new Map<string, Entry>([['/', { bytes: undefined, modifiedAt: Date.now(), rights: '755' }]]);
  /** What `space` tells of the names below any path. */
  names: Space['names'];
  /** Files whose writing has not ended. */
  readonly #open = new Set<string>();

  async status(path: string, signal?: AbortSignal): Promise<FileStatus | undefined> {
    signal?.throwIfAborted();
    const at = normalizePath(path);
    const entry = this.#entries.get(at);
    if (entry !== undefined) return toStatus(at, entry);
    return undefined;
  }

  async statuses(folder: string, names: readonly string[], signal?: AbortSignal): Promise<Map<string, FileStatus>> {
    const found = new Map<string, FileStatus>();
    for (const name of names) {
      const status = await this.status(joinPath(folder, name), signal);
      if (status !== undefined) found.set(name, status);
    }
    return found;
  }

  async *list(path: string, signal?: AbortSignal): AsyncGenerator<FileStatus, void, undefined> {
    signal?.throwIfAborted();
    const directory = normalizePath(path);
    const entry = this.#entries.get(directory);
    if (entry === undefined) throw failure('not-found', `${directory} is not there; check the path`, directory);
    if (entry.bytes !== undefined) throw failure('refused', `${directory} is a file, not a directory`, directory);
    const inside = [...this.#entries.keys()].filter((found) => found !== '/' && parentPath(found) === directory);
    for (const found of inside.sort(compareBytes)) {
      signal?.throwIfAborted();
      const child = this.#entries.get(found);
      if (child !== undefined) yield toStatus(found, child);
    }
  }

  async read(path: string, position: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    if (!Number.isSafeInteger(position) || !Number.isSafeInteger(length) || position < 0 || length < 0)
      throw new RangeError(`read of ${length} bytes at ${position} of ${path}: expected whole numbers from 0`);
    if (length === 0) return new Uint8Array(0);
    const at = normalizePath(path);
    const entry = this.#entries.get(at);
    if (entry === undefined) throw failure('not-found', `${at} is not there; check the path`, at);
    if (entry.bytes === undefined) throw failure('not-found', `${at} is a directory, not a file`, at);
    const bytes = entry.bytes.subarray(position, position + length);
    if (bytes.length === length) return Buffer.from(bytes);
    throw new ConnectionError(
      'truncated',
      `expected ${length} bytes of ${at} from byte ${position}, got ${bytes.length}; check its length`,
      { path: at, position, expected: length, got: bytes.length },
    );
  }

  async write(
    path: string,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    { overwrite = false, signal, rights }: WriteOptions = {},
  ): Promise<number> {
    signal?.throwIfAborted();
    const at = normalizePath(path);
    checkName(at);
    const there = this.#entries.get(at);
    if (there !== undefined && (!overwrite || there.bytes === undefined))
      throw failure('exists', `${at} exists already; remove it, or choose another path`, at);
    await this.makeDirectory(parentPath(at) ?? '/');
    this.#put(at, Buffer.alloc(0), rights ?? '644');
    this.#open.add(at);
    // As in HDFS, what came before an abort or an error of the source stays behind.
    const parts: Uint8Array[] = [];
    try {
      for await (const chunk of chunks) {
        signal?.throwIfAborted();
        parts.push(Buffer.from(chunk));
      }
    } finally {
      this.#put(at, Buffer.concat(parts), rights ?? '644');
      this.#open.delete(at);
    }
    return this.#entries.get(at)!.bytes!.length;
  }

  async rename(from: string, to: string, signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    const [source, target] = [normalizePath(from), normalizePath(to)];
    checkName(target);
    if (!this.#entries.has(source) || this.#entries.has(target)) return false;
    if (target.startsWith(`${source}/`)) throw failure('refused', `${source} cannot go below itself`, source);
    const parent = parentPath(target) ?? '/';
    const above = this.#entries.get(parent);
    if (above === undefined) throw failure('not-found', `there is no directory ${parent}; make it first`, parent);
    if (above.bytes !== undefined) throw failure('refused', `${parent} is a file, not a directory`, parent);
    for (const [path, entry] of this.#subtree(source)) {
      this.#entries.delete(path);
      this.#entries.set(target + path.slice(source.length), entry);
    }
    return true;
  }

  async delete(path: string, options: { recursive?: boolean; signal?: AbortSignal } = {}): Promise<boolean> {
    options.signal?.throwIfAborted();
    const at = normalizePath(path);
    if (!this.#entries.has(at)) return false;
    const all = this.#subtree(at);
    if (all.length > 1 && options.recursive !== true)
      throw failure('refused', `${at} is not empty; delete it recursively`, at);
    for (const [found] of all) if (found !== '/') this.#entries.delete(found);
    return true;
  }

  async makeDirectory(path: string, signal?: AbortSignal, rights = '755'): Promise<void> {
    signal?.throwIfAborted();
    checkName(path);
    let at = '/';
    for (const segment of pathSegments(path)) {
      if (this.#entries.get(at)?.bytes !== undefined)
        throw failure('refused', `${at} is a file; a directory is needed there`, at);
      at = joinPath(at, segment);
      if (!this.#entries.has(at)) this.#put(at, undefined, rights);
    }
    if (this.#entries.get(at)?.bytes !== undefined) throw failure('exists', `${at} is a file already`, at);
  }

  async isBeingWritten(path: string): Promise<boolean | undefined> {
    const at = normalizePath(path);
    return this.#entries.has(at) ? this.#open.has(at) : undefined;
  }

  /** Directories that nobody may write to. */
  readonly readOnly = new Set<string>();

  async mayWriteTo(directory: string): Promise<boolean> {
    const at = normalizePath(directory);
    if (!this.#entries.has(at)) throw failure('not-found', `${at} is not there; check the path`, at);
    return !this.readOnly.has(at);
  }

  async homeDirectory(): Promise<string> {
    return '/user/memory';
  }

  /** By directory. */
  readonly quotas = new Map<string, Quotas>();

  async quotasOn(directory: string): Promise<Quotas> {
    return this.quotas.get(normalizePath(directory)) ?? {};
  }

  async space(): Promise<Space> {
    return this.names === undefined ? {} : { names: this.names };
  }

  describe(): string {
    return 'memory';
  }

  async close(): Promise<void> {}

  #put(path: string, bytes: Buffer | undefined, rights: string): void {
    this.#entries.set(path, { bytes, modifiedAt: Date.now(), rights });
  }

  #subtree(root: string): [string, Entry][] {
    const prefix = root === '/' ? '/' : `${root}/`;
    return [...this.#entries].filter(([path]) => path === root || path.startsWith(prefix));
  }
}

function toStatus(path: string, { bytes, modifiedAt, rights }: Entry): FileStatus {
  const kind = bytes === undefined ? 'directory' : 'file';
  return { path, kind, length: bytes?.length ?? 0, modifiedAt, rights, owner: 'memory' };
}

/** HDFS takes no colon in a name that it makes (`DFSUtil.isValidName`). */
function checkName(path: string): void {
  if (path.includes(':')) throw failure('refused', `${path} is no HDFS path: a name holds a colon`, path);
}

function failure(fault: ConnectionError['fault'], message: string, path: string): ConnectionError {
  return new ConnectionError(fault, message, { path });
}
