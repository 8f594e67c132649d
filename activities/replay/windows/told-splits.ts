import type { ManifestFile, Split } from '../manifest/manifest.ts';
import { SplitPlanner } from '../manifest/plan-splits.ts';

/** Splits as `SplitPlanner` makes them, each noted before it is yielded by whoever finds windows among them. */
export abstract class ToldSplits {
  readonly #planner: SplitPlanner;

  /** `bytes`: of a split, about. */
  constructor(bytes: number) {
    this.#planner = new SplitPlanner(bytes);
  }

  /** Bytes of a split from here on. */
  bytesFor(path: string): number {
    return this.#planner.bytesFor(path);
  }

  *add(file: ManifestFile, cuttable: boolean): Generator<Split> {
    yield* this.#told(this.#planner.add(file, cuttable));
  }

  *end(): Generator<Split> {
    yield* this.#told(this.#planner.end());
  }

  protected abstract note(split: Split): void;

  *#told(splits: Iterable<Split>): Generator<Split> {
    for (const split of splits) {
      this.note(split);
      yield split;
    }
  }
}
