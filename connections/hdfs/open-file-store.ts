import { ConnectionError } from '../connection-error.ts';
import { isBeingWritten } from './operations/being-written.ts';
import type { HdfsConfig } from './config.ts';
import { openCredentials } from './http/credentials.ts';
import { DirectoryLister } from './operations/directory-listing.ts';
import type { RemoteStatus } from './operations/file-status.ts';
import { booleanShape, homeShape, oneStatusShape, parseAnswer, toFileStatus } from './operations/file-status.ts';
import type { FileStatus, FileStore, Rights, Quotas, Space, WriteOptions } from './file-store.ts';
import { normalizePath } from './hdfs-path.ts';
import { KnownDataNode } from './http/known-data-node.ts';
import { mayWriteTo } from './operations/may-write-to.ts';
import { quotasOn } from './operations/quotas-on.ts';
import { NameNodes } from './http/name-nodes.ts';
import { readRange } from './operations/read-range.ts';
import { renameFile } from './operations/rename-file.ts';
import { readSpace } from './operations/space.ts';
import type { Transport } from './http/transport.ts';
import { openTransport } from './http/transport.ts';
import { statusesInFolder } from './operations/statuses-in-folder.ts';
import { writeFile } from './operations/write-file.ts';

/**
 * HDFS over its REST API, by NameNodes or an HttpFS gateway. Connects on first use.
 *
 * @throws ConnectionError 'configuration' where the file of `ca` can't be read
 */
export function openFileStore(config: HdfsConfig): FileStore {
  return new WebHdfsFileStore(config);
}

class WebHdfsFileStore implements FileStore {
  readonly #config: HdfsConfig;
  readonly #transport: Transport;
  readonly #nameNodes: NameNodes;
  readonly #lister: DirectoryLister;
  /** What reading and writing need. */
  readonly #deps;

  constructor(config: HdfsConfig) {
    const credentials = openCredentials(config);
    this.#config = config;
    this.#transport = openTransport(config);
    this.#nameNodes = new NameNodes(config, this.#transport, credentials);
    this.#lister = new DirectoryLister(this.#nameNodes);
    const { attempts, timeouts } = config;
    const dataNode = new KnownDataNode();
    this.#deps = {
      nameNodes: this.#nameNodes,
      dataNode,
      transport: this.#transport,
      credentials,
      attempts,
      ...timeouts,
    };
  }

  async status(path: string, signal?: AbortSignal): Promise<FileStatus | undefined> {
    const found = await this.#status(path, signal);
    return found === undefined ? undefined : toFileStatus(normalizePath(path), found);
  }

  statuses(folder: string, names: readonly string[], signal?: AbortSignal): Promise<Map<string, FileStatus>> {
    const looks = {
      status: (path: string) => this.status(path, signal),
      listBehind: (after: string) => this.#lister.listBehind(normalizePath(folder), after, signal),
    };
    return statusesInFolder(looks, normalizePath(folder), names);
  }

  list(path: string, signal?: AbortSignal): AsyncIterable<FileStatus> {
    return this.#lister.list(normalizePath(path), signal);
  }

  async read(
    path: string,
    position: number,
    length: number,
    signal?: AbortSignal,
    into?: Uint8Array,
  ): Promise<Uint8Array> {
    if (!Number.isSafeInteger(position) || !Number.isSafeInteger(length) || position < 0 || length < 0)
      throw new RangeError(`read of ${length} bytes at ${position} of ${path}: expected whole numbers from 0`);
    signal?.throwIfAborted();
    if (length === 0) return new Uint8Array(0);
    return readRange(this.#deps, { path: normalizePath(path), position, length, signal, into });
  }

  async write(
    path: string,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: WriteOptions = {},
  ): Promise<number> {
    const { overwrite = false, signal } = options;
    const target = normalizePath(path);
    // A DataNode that refuses closes the connection while we send, and its reason may be lost: so ask before.
    if (!overwrite && (await this.#status(target, signal)) !== undefined)
      throw new ConnectionError('exists', `${target} exists already; remove it, or choose another path`, { path });
    const sent = await writeFile(this.#deps, target, chunks, options);
    // A DataNode closes the file wherever the connection ends, so that a part of a file looks like a whole one.
    const written = await this.#status(target, signal);
    if (written?.type === 'FILE' && written.length === sent) return sent;
    const found = written === undefined ? 'no file' : `${written.length} bytes`;
    throw new ConnectionError(
      'truncated',
      `wrote ${sent} bytes to ${target}, but found ${found} there afterwards; delete it and write it again`,
      { path: target, expected: sent, got: written?.length ?? 0 },
    );
  }

  async rename(from: string, to: string, signal?: AbortSignal): Promise<boolean> {
    const status = (path: string): Promise<RemoteStatus | undefined> => this.#status(path, signal);
    return renameFile(this.#nameNodes, status, normalizePath(from), normalizePath(to), signal);
  }

  async delete(path: string, options: { recursive?: boolean; signal?: AbortSignal } = {}): Promise<boolean> {
    const { recursive = false, signal } = options;
    const target = normalizePath(path);
    const query = { recursive: String(recursive) };
    const doing = { method: 'DELETE', op: 'DELETE', path: target, query, idempotent: false, signal } as const;
    try {
      return parseAnswer(booleanShape, await this.#nameNodes.json(doing), `DELETE ${target}`, target).boolean;
    } catch (error) {
      signal?.throwIfAborted();
      const lost = error instanceof ConnectionError && error.fault === 'unavailable' && error.facts.maybeDone !== false;
      // Where the answer was lost, what is there now is the answer.
      if (lost && (await this.#status(target, signal)) === undefined) return true;
      throw error;
    }
  }

  async makeDirectory(path: string, signal?: AbortSignal, rights?: Rights): Promise<void> {
    const target = normalizePath(path);
    const query = rights === undefined ? {} : { permission: rights };
    const doing = { method: 'PUT', op: 'MKDIRS', path: target, query, idempotent: true, signal } as const;
    if (parseAnswer(booleanShape, await this.#nameNodes.json(doing), `MKDIRS ${target}`, target).boolean) return;
    throw new ConnectionError('refused', `HDFS did not make the directory ${target}; look into the NameNode's log`, {
      path: target,
    });
  }

  isBeingWritten(path: string, signal?: AbortSignal): Promise<boolean | undefined> {
    return isBeingWritten(this.#nameNodes, normalizePath(path), signal);
  }

  quotasOn(directory: string, signal?: AbortSignal): Promise<Quotas> {
    return quotasOn(this.#nameNodes, normalizePath(directory), signal);
  }

  mayWriteTo(directory: string, signal?: AbortSignal): Promise<boolean | undefined> {
    return mayWriteTo(this.#nameNodes, normalizePath(directory), signal);
  }

  async homeDirectory(signal?: AbortSignal): Promise<string> {
    const op = 'GETHOMEDIRECTORY';
    const answer = await this.#nameNodes.json({ method: 'GET', op, path: '/', idempotent: true, signal });
    return parseAnswer(homeShape, answer, op, '/').Path;
  }

  space(path: string, signal?: AbortSignal): Promise<Space> {
    return readSpace(this.#nameNodes, normalizePath(path), signal);
  }

  describe(): string {
    return this.#config.urls.join(',');
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #status(path: string, signal: AbortSignal | undefined): Promise<RemoteStatus | undefined> {
    const target = normalizePath(path);
    const op = 'GETFILESTATUS';
    try {
      const answer = await this.#nameNodes.json({ method: 'GET', op, path: target, idempotent: true, signal });
      return parseAnswer(oneStatusShape, answer, `${op} ${target}`, target).FileStatus;
    } catch (error) {
      if (error instanceof ConnectionError && error.fault === 'not-found') return undefined;
      throw error;
    }
  }
}
