import type { GroupDescription } from '../../../connections/kafka/admin/admin-port.ts';
import type { GroupOffsets } from '../../../connections/kafka/publish/publish-port.ts';

type Offsets = Map<number, { offset: bigint; metadata: string }>;

/** Committed offsets of consumer groups, those of open transactions apart. */
export class MemoryGroups {
  /** Members by group. */
  readonly members = new Map<string, number>();
  readonly #committed = new Map<string, Offsets>();
  readonly #before = new Map<string, Offsets>();
  readonly #pending = new Map<string, { producerId: bigint; offsets: GroupOffsets }[]>();
  #staleReads = 0;

  describe(group: string, topic: string): GroupDescription {
    const stale = this.#staleReads > 0;
    if (stale) this.#staleReads--;
    const found = (stale ? this.#before : this.#committed).get(name(group, topic)) ?? new Map<number, never>();
    const offsets = [...found]
      .map(([partition, { offset, metadata }]) => ({ partition, offset, metadata }))
      .toSorted((a, b) => a.partition - b.partition);
    return { group, members: this.members.get(group) ?? 0, offsets };
  }

  commit({ group, topic, offsets }: GroupOffsets): void {
    const present = this.#committed.get(name(group, topic)) ?? new Map<number, { offset: bigint; metadata: string }>();
    this.#before.set(name(group, topic), new Map(present));
    for (const { partition, offset, metadata } of offsets) present.set(partition, { offset, metadata });
    this.#committed.set(name(group, topic), present);
  }

  /** Groups that have committed something. */
  names(): string[] {
    return [...new Set([...this.#committed.keys()].map((key) => key.slice(0, key.indexOf(' '))))].sort();
  }

  /** Makes offsets part of a producer's transaction. */
  hold(producerId: bigint, offsets: GroupOffsets): void {
    const key = name(offsets.group, offsets.topic);
    this.#pending.set(key, [...(this.#pending.get(key) ?? []), { producerId, offsets }]);
  }

  isPending(group: string, topic: string): boolean {
    return (this.#pending.get(name(group, topic)) ?? []).length > 0;
  }

  /** Ends a producer's transaction in the groups that hear of it. */
  end(producerId: bigint, outcome: 'commit' | 'abort', hears: (group: string) => boolean = () => true): void {
    for (const [key, held] of this.#pending) {
      if (!hears(key.slice(0, key.indexOf(' ')))) continue;
      for (const { producerId: of, offsets } of held)
        if (of === producerId && outcome === 'commit') this.commit(offsets);
      this.#pending.set(
        key,
        held.filter((one) => one.producerId !== producerId),
      );
    }
  }

  /** A coordinator that has just moved: so many answers are those from before the last commit. */
  answerStale(reads: number): void {
    this.#staleReads = reads;
  }

  /** What expiry of a group, or deleting it, does. */
  forget(topic: string): void {
    for (const groups of [this.#committed, this.#before, this.#pending])
      for (const key of groups.keys()) if (key.endsWith(` ${topic}`)) groups.delete(key);
  }
}

function name(group: string, topic: string): string {
  return `${group} ${topic}`;
}
