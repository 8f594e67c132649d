import type { RegisteredSchema, SchemaRegistry, SubjectVersion } from './schema-registry.ts';

/** How long an id that the registry didn't know is not asked for again. */
const UNKNOWN_MS = 60_000;

interface Entry {
  found: Promise<RegisteredSchema | undefined>;
  /** When it was found not to be known. */
  unknownAt?: number;
}

/**
 * Remembers the schemas of ids, which never change, and asks once for what many ask for at the same time. An id that is
 * not known is asked for again after a minute: a thousand messages that have it cost one question, and a schema that
 * is registered later is found. Versions of subjects are always asked for.
 */
export class CachedRegistry implements SchemaRegistry {
  readonly #registry: SchemaRegistry;
  readonly #most: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();

  /** @param most schemas that are remembered; those that were asked for last stay */
  constructor(registry: SchemaRegistry, most: number, now: () => number = Date.now) {
    this.#registry = registry;
    this.#most = most;
    this.#now = now;
  }

  schemaById(id: number, subject: string, signal?: AbortSignal): Promise<RegisteredSchema | undefined> {
    return this.#remembered(`${id} ${subject}`, signal, () => this.#registry.schemaById(id, subject));
  }

  schemaByGuid(guid: string, signal?: AbortSignal): Promise<RegisteredSchema | undefined> {
    return this.#remembered(guid, signal, () => this.#registry.schemaByGuid(guid));
  }

  latest(subject: string, signal?: AbortSignal): Promise<SubjectVersion | undefined> {
    return this.#registry.latest(subject, signal);
  }

  version(subject: string, version: number, signal?: AbortSignal): Promise<SubjectVersion | undefined> {
    return this.#registry.version(subject, version, signal);
  }

  versions(subject: string, signal?: AbortSignal): Promise<number[]> {
    return this.#registry.versions(subject, signal);
  }

  subjects(signal?: AbortSignal): Promise<string[]> {
    return this.#registry.subjects(signal);
  }

  describe(): string {
    return this.#registry.describe();
  }

  close(): Promise<void> {
    return this.#registry.close();
  }

  // One caller that gives up must not end the question of the others: the signal ends only the waiting.
  async #remembered(
    key: string,
    signal: AbortSignal | undefined,
    ask: () => Promise<RegisteredSchema | undefined>,
  ): Promise<RegisteredSchema | undefined> {
    signal?.throwIfAborted();
    const known = this.#entries.get(key);
    const stale = known?.unknownAt !== undefined && this.#now() - known.unknownAt >= UNKNOWN_MS;
    const entry = known === undefined || stale ? this.#asked(key, ask) : known;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size > this.#most) this.#entries.delete(this.#entries.keys().next().value!);
    return untilAborted(entry.found, signal);
  }

  #asked(key: string, ask: () => Promise<RegisteredSchema | undefined>): Entry {
    const entry: Entry = { found: ask() };
    entry.found.then(
      (schema) => {
        if (schema === undefined) entry.unknownAt = this.#now();
      },
      () => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry;
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
