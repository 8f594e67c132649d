import type { Redirect } from './redirect.ts';
import { WEBHDFS_ROOT, webHdfsTarget } from '../hdfs-path.ts';

/** So often a DataNode is asked before the NameNode is, which chooses anew: load is spread. */
const MOST_READS = 64;
/** So long nobody is asked without the NameNode, once that has failed. */
const PAUSE_MS = 60_000;

/**
 * Where the NameNode has sent last. A DataNode reads what it is asked for as a client of HDFS, with the rights of who asks,
 * and serves files whose blocks are elsewhere as well (`WebHdfsHandler.onOpen`): small ones are asked for there at once,
 * and the NameNode's answer to OPEN, which costs more than their bytes, is saved.
 */
export class KnownDataNode {
  #origin = '';
  #query = '';
  #left = 0;
  #pausedUntil = 0;

  /** Remembers where the NameNode has sent to; a gateway's own addresses are of one file. */
  learn({ origin, target }: Redirect): void {
    const query = target.indexOf('?');
    if (query < 0 || !target.startsWith(WEBHDFS_ROOT) || performance.now() < this.#pausedUntil) return;
    this.#origin = origin;
    this.#query = target.slice(query + 1);
    this.#left = MOST_READS;
  }

  /** Where to ask for a range of a file; undefined where only the NameNode can tell. */
  redirectTo(path: string, range: Readonly<Record<string, string>>): Omit<Redirect, 'host'> | undefined {
    if (this.#left === 0) return undefined;
    this.#left -= 1;
    const query = new URLSearchParams(this.#query);
    for (const [name, value] of Object.entries(range)) query.set(name, value);
    return { origin: this.#origin, target: webHdfsTarget(path, query) };
  }

  /** Forgets it: it has failed, for whatever reason. */
  forget(): void {
    this.#left = 0;
    this.#pausedUntil = performance.now() + PAUSE_MS;
  }
}
