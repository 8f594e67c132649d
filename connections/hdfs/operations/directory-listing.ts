import { ConnectionError } from '../../connection-error.ts';
import { compareBytes, inByteOrder } from '../byte-order.ts';
import type { RemoteStatus } from './file-status.ts';
import { statusesShape, pageShape, parseAnswer, toFileStatus } from './file-status.ts';
import type { FileStatus } from '../file-store.ts';
import type { NameNodes } from '../http/name-nodes.ts';

/** Lists directories page by page, or at once where the NameNode (Hadoop 2.7 and older) knows no pages. */
export class DirectoryLister {
  readonly #nameNodes: NameNodes;
  #pages: boolean | undefined;

  constructor(nameNodes: NameNodes) {
    this.#nameNodes = nameNodes;
  }

  /** The entries in byte order of their names. */
  async *list(path: string, signal: AbortSignal | undefined): AsyncGenerator<FileStatus, void, undefined> {
    let previous: string | undefined;
    for await (const entry of inByteOrder(this.#entries(path, signal), (remote) => remote.pathSuffix)) {
      const name = entry.pathSuffix;
      if (name === '')
        throw new ConnectionError('refused', `${path} is a file, not a directory; name the directory that holds it`, {
          path,
        });
      // Whoever walks in order would silently miss what comes out of order.
      if (previous !== undefined && compareBytes(previous, name) >= 0)
        throw new ConnectionError(
          'refused',
          `the listing of ${path} is not in HDFS's order: '${name}' came after '${previous}'; use a NameNode's own address in urls`,
          { path, previous, found: name },
        );
      previous = name;
      yield toFileStatus(path, entry);
    }
  }

  /** The entries behind a name in the server's own order, links apart; none where it knows no pages. */
  async *listBehind(path: string, after: string, signal: AbortSignal | undefined): AsyncGenerator<FileStatus> {
    for await (const entry of this.#entries(path, signal, after))
      if (entry.type !== 'SYMLINK') yield toFileStatus(path, entry);
  }

  async *#entries(
    path: string,
    signal: AbortSignal | undefined,
    after?: string,
  ): AsyncGenerator<RemoteStatus, void, undefined> {
    let startAfter = after;
    for (;;) {
      const page = await this.#page(path, startAfter, signal);
      if (page === undefined) return after === undefined ? yield* await this.#whole(path, signal) : undefined;
      const entries = page.partialListing.FileStatuses.FileStatus;
      yield* entries;
      const last = entries.at(-1);
      if (page.remainingEntries === 0 || last === undefined || last.pathSuffix === '') return;
      startAfter = last.pathSuffix;
    }
  }

  /** The next page, or undefined where the server knows no pages. */
  async #page(path: string, startAfter: string | undefined, signal: AbortSignal | undefined) {
    if (this.#pages === false) return undefined;
    const op = 'LISTSTATUS_BATCH';
    const query = startAfter === undefined ? {} : { startAfter };
    try {
      const answer = await this.#nameNodes.json({ method: 'GET', op, path, query, idempotent: true, signal });
      const { DirectoryListing } = parseAnswer(pageShape, answer, `${op} ${path}`, path);
      this.#pages = true;
      return DirectoryListing;
    } catch (error) {
      // An unknown operation is told in several ways; the plain listing then shows whether that was it.
      const { fault, facts } = error as Partial<ConnectionError>;
      const unknown = fault === 'refused' || (fault === 'configuration' && facts?.status === 400);
      if (this.#pages === true || !unknown) throw error;
      return undefined;
    }
  }

  async #whole(path: string, signal: AbortSignal | undefined): Promise<RemoteStatus[]> {
    const op = 'LISTSTATUS';
    const answer = await this.#nameNodes.json({ method: 'GET', op, path, idempotent: true, signal });
    const entries = parseAnswer(statusesShape, answer, `${op} ${path}`, path).FileStatuses.FileStatus;
    this.#pages = false;
    // In the NameNode's order, which `inByteOrder` expects of every source.
    return entries.sort((a, b) => Buffer.compare(signedKey(a.pathSuffix), signedKey(b.pathSuffix)));
  }
}

/** The name's bytes with their sign turned over: compared as unsigned bytes they order as HDFS orders. */
function signedKey(name: string): Buffer {
  const key = Buffer.from(name, 'utf8');
  for (let index = 0; index < key.length; index++) key[index]! ^= 0x80;
  return key;
}
