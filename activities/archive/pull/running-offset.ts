/** A record's offset as cursors tell it. */
export interface OffsetOfRecord {
  readonly offset: bigint;
  /** The same as a number; NaN where it may not be exact. */
  readonly offsetNumber: number;
}

/** An offset that moves with every record: a bigint is made when somebody asks, since each costs an allocation. */
export class RunningOffset {
  #exact: bigint;
  /** NaN: `#exact` has it. */
  #number = Number.NaN;

  constructor(start: bigint) {
    this.#exact = start;
  }

  get value(): bigint {
    return Number.isNaN(this.#number) ? this.#exact : BigInt(this.#number);
  }

  set value(offset: bigint) {
    this.#exact = offset;
    this.#number = Number.NaN;
  }

  /** Goes to the offset behind a record's. */
  goBehind(record: OffsetOfRecord): void {
    const number = record.offsetNumber;
    if (number === number) this.#number = number + 1;
    else this.value = record.offset + 1n;
  }
}
