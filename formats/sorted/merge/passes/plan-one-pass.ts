import type { MergeGroup, PlannedSection } from './merge-plan.ts';
import { compareSortKeys } from '../../file/sort-key.ts';

/**
 * Plans one pass by a sweep along the keys. Where one section too many would be open, the open one that ends last
 * joins a group that is open and has room, or two that end last begin a group; so a group takes the place of many.
 * Each round has fewer inputs than the one before, because at the first such place nothing is grouped yet.
 */
export class PassPlan<S> {
  readonly groups: MergeGroup<S>[] = [];
  readonly #maxOpen: number;
  readonly #pass: number;
  /** Open at the key that the sweep has come to. */
  #single: PlannedSection<S>[] = [];
  #openGroups: MergeGroup<S>[] = [];

  constructor(maxOpen: number, pass: number) {
    this.#maxOpen = maxOpen;
    this.#pass = pass;
  }

  /** The inputs of the next pass: those that were left alone, and the results of the groups. */
  run(inputs: readonly PlannedSection<S>[]): PlannedSection<S>[] {
    const grouped = new Set<PlannedSection<S>>();
    const sorted = [...inputs].sort((a, b) => compareSortKeys(a.first, b.first));
    for (const input of sorted) {
      this.#single = this.#single.filter(({ last }) => compareSortKeys(last, input.first) >= 0);
      this.#openGroups = this.#openGroups.filter(({ last }) => compareSortKeys(last, input.first) >= 0);
      this.#single.push(input);
      if (this.#single.length + this.#openGroups.length > this.#maxOpen) this.#makeRoom(grouped);
    }
    const results = this.groups.map((group) => ({
      first: group.first,
      last: group.last,
      records: group.records,
      bytes: group.bytes,
      group,
    }));
    return [...sorted.filter((input) => !grouped.has(input)), ...results];
  }

  #makeRoom(grouped: Set<PlannedSection<S>>): void {
    this.#single.sort((a, b) => compareSortKeys(a.last, b.last));
    const withRoom = this.#openGroups.find(({ inputs }) => inputs.length < this.#maxOpen);
    // Where neither is possible, too many stay open here: the next pass merges groups with each other.
    if (withRoom === undefined && this.#single.length < 2) return;
    const group = withRoom ?? this.#beginGroup(grouped);
    this.#join(group, grouped);
  }

  #beginGroup(grouped: Set<PlannedSection<S>>): MergeGroup<S> {
    const { first, last } = this.#single.at(-1)!;
    const group = { pass: this.#pass, number: this.groups.length, first, last, inputs: [], records: 0, bytes: 0 };
    this.groups.push(group);
    this.#openGroups.push(group);
    this.#join(group, grouped);
    return group;
  }

  /** Moves the open section that ends last into the group. */
  #join(group: MergeGroup<S>, grouped: Set<PlannedSection<S>>): void {
    const input = this.#single.pop()!;
    grouped.add(input);
    group.inputs.push(input);
    group.records += input.records;
    group.bytes += input.bytes;
    if (compareSortKeys(input.first, group.first) < 0) group.first = input.first;
    if (compareSortKeys(input.last, group.last) > 0) group.last = input.last;
  }
}
