import type { z } from 'zod';
import { baseName } from '../../connections/hdfs/hdfs-path.ts';
import type { FileStore } from '../../connections/hdfs/file-store.ts';
import type { StagedFiles } from './staged-files.ts';
import { parseStaged } from './staged-json.ts';

/**
 * What an attempt has found so far of something that takes long: files `NAME.1.json`, `NAME.2.json` and so on in the
 * job's folder, each with all that was found up to then. Whoever comes next goes on from the last of them.
 */
export class StagedParts<T> {
  readonly #store: FileStore;
  readonly #staging: StagedFiles<unknown>;
  readonly #name: string;
  readonly #shape: z.ZodType<T>;
  #last = 0;

  constructor(store: FileStore, staging: StagedFiles<unknown>, name: string, shape: z.ZodType<T>) {
    this.#store = store;
    this.#staging = staging;
    this.#name = name;
    this.#shape = shape;
  }

  /**
   * The last part, and where it is; undefined where there is none.
   *
   * @throws JobError 'staging-unusable'
   */
  async newest(signal: AbortSignal): Promise<{ path: string; part: T } | undefined> {
    for await (const { path } of this.#store.list(this.#staging.folder, signal)) {
      const name = baseName(path);
      const number = name.startsWith(`${this.#name}.`)
        ? /^\.(\d+)\.json$/.exec(name.slice(this.#name.length))?.[1]
        : '';
      this.#last = Math.max(this.#last, Number(number ?? 0));
    }
    if (this.#last === 0) return undefined;
    const path = this.#path(this.#last);
    const bytes = await this.#staging.readSmall(path, signal);
    return bytes && { path, part: parseStaged(path, this.#shape, bytes) };
  }

  /** Puts the next one in place, unless another attempt was first, which is as good. */
  async put(part: T, signal: AbortSignal): Promise<void> {
    this.#last += 1;
    await this.#staging.putSmall(this.#path(this.#last), Buffer.from(JSON.stringify(part)), signal);
  }

  #path(number: number): string {
    return `${this.#staging.folder}/${this.#name}.${number}.json`;
  }
}
