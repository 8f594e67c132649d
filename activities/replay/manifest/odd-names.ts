import type { ArchiveLayout } from '../../../layouts/archive-layout.ts';

/** Kinds of oddities that are told apart; more would be no kinds. */
const MOST_KINDS = 20;

/** Counts names that are odd and read all the same, by what is odd about them. */
export class OddNames {
  readonly #layout: ArchiveLayout;
  readonly #topic: string;
  readonly #found = new Map<string, { files: number; first: string }>();

  constructor(layout: ArchiveLayout, topic: string) {
    this.#layout = layout;
    this.#topic = topic;
  }

  /** Why the file must not be read, or undefined where it may be. */
  refusal(path: string): string | undefined {
    const odd = this.#layout.odd?.(path, this.#topic);
    if (odd === undefined) return undefined;
    if (odd.refuse) return odd.what;
    const known = this.#found.get(odd.what);
    if (known !== undefined) known.files += 1;
    else if (this.#found.size < MOST_KINDS) this.#found.set(odd.what, { files: 1, first: path });
    return undefined;
  }

  remarks(): string[] {
    return [...this.#found].map(
      ([what, { files, first }]) => `${first}${files > 1 ? ` and ${files - 1} more files` : ''}: ${what}`,
    );
  }
}
