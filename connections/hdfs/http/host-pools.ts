import { Pool } from 'undici';

/** Hosts of which connections are kept. A cluster may have more DataNodes: those that were not asked for longest go. */
const MOST_HOSTS = 256;

/**
 * Pools of connections, one for each host, which stay. undici's own Agent forgets a host when its last connection ends, and a
 * DataNode ends one after each answer: that was a new pool for every file.
 */
export class HostPools {
  readonly #options: Pool.Options;
  /** The one that was asked last stands last. */
  readonly #pools = new Map<string, Pool>();
  #ended = false;

  constructor(options: Pool.Options) {
    this.#options = options;
  }

  /** The pool of a host, `http://host:port`; one that refuses once all have ended. */
  of(origin: string): Pool {
    const pool = this.#pools.get(origin) ?? new Pool(origin, this.#options);
    if (this.#ended) void pool.destroy();
    this.#pools.delete(origin);
    this.#pools.set(origin, pool);
    if (this.#pools.size > MOST_HOSTS) this.#letGo();
    return pool;
  }

  /** Ends what is under way. */
  async destroy(): Promise<void> {
    this.#ended = true;
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  /** What is under way in the pool that goes comes to its end. */
  #letGo(): void {
    const [[origin, oldest] = []] = this.#pools;
    if (origin === undefined || oldest === undefined) return;
    this.#pools.delete(origin);
    void oldest.close();
  }
}
