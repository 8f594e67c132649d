/** Offsets of a log that are in no file, from the first to before the last. */
export interface Gap {
  from: string;
  to: string;
  why: string;
}

/** What Kafka deleted of a range while it was read: one entry for what follows each other. */
export class PassedGaps {
  readonly list: Gap[] = [];

  add(from: bigint, to: bigint): void {
    const last = this.list.at(-1);
    if (last?.to === String(from)) last.to = String(to);
    else this.list.push({ from: String(from), to: String(to), why: 'deleted in Kafka before it was archived' });
  }
}
