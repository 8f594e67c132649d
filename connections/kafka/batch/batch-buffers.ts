/**
 * Buffers for record batches, used again once the transaction that they were sent in is committed: fresh megabytes for
 * every batch would keep the garbage collector busier than the publisher.
 */
export class BatchBuffers {
  readonly capacity: number;
  readonly #free: Uint8Array[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  take(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(this.capacity);
  }

  /** Takes the bytes of a batch back, unless they outgrew the capacity; nobody may use them any more. */
  giveBack(records: Uint8Array): void {
    if (records.buffer.byteLength === this.capacity) this.#free.push(new Uint8Array(records.buffer));
  }
}
