/** Transactions that may go out before one that may not, as where a slice is told to end while it waits for its turn. */
export const gate = { transactions: Infinity };

/** In the place of the module of `Pacer`: a rate bounds transactions as it does there, and nobody waits for it. */
export class Pacer {
  readonly maxBytes = Infinity;
  readonly maxRecords: number;

  constructor({ records = Infinity }: { records?: number }) {
    this.maxRecords = records;
  }

  mayGo = async (): Promise<boolean> => (gate.transactions -= 1) >= 0;
}
