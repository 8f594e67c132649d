import type { ArchiveLayout } from '../../../layouts/archive-layout.ts';

/** Folders above those that are named by time, and days of each, that are kept; more of them would be no archive. */
const MOST_ROOTS = 8;
const MOST_DAYS = 20_000;

/** Finds days that an input reads from more than one place: what is there twice, as where hours were also made days. */
export class SharedDays {
  readonly #layout: ArchiveLayout;
  readonly #daysOf = new Map<string, Set<string>>();

  constructor(layout: ArchiveLayout) {
    this.#layout = layout;
  }

  take(path: string): void {
    const dated = this.#layout.dated(path);
    if (dated === undefined) return;
    const days = this.#daysOf.get(dated.root) ?? new Set<string>();
    if (days.size < MOST_DAYS) days.add(dated.day);
    if (this.#daysOf.size < MOST_ROOTS) this.#daysOf.set(dated.root, days);
  }

  remarks(): string[] {
    const roots = [...this.#daysOf];
    return roots.flatMap(([root, days], index) =>
      roots.slice(index + 1).flatMap(([other, otherDays]) => {
        const both = [...days].filter((day) => otherDays.has(day)).sort();
        if (both.length === 0) return [];
        const more = both.length > 1 ? ` and ${both.length - 1} more days` : '';
        return [`${root} and ${other} both have files of ${both[0]}${more}: are records there twice?`];
      }),
    );
  }
}
