import { availableParallelism } from 'node:os';
import type { Tuning } from '../job/replay-job.ts';

/** Bytes for the transaction that is being built and the one that is being sent, with room to grow. */
export const TRANSACTION_BUFFERS = 32 * 1024 * 1024;
/** Beside the records of a split that is decoded: parts of the input, and a block of it decompressed. */
const BESIDE_RECORDS = 32 * 1024 * 1024;
/** Of the budget at most, for what stands beside records. */
const MOST_BESIDE = 1 / 4;
/** Of the smallest budgets, where what stands beside records is taken for more than it is. */
const LEAST_RECORDS = 1 / 4;

export interface WindowRoom {
  /** Splits that are decoded at once. */
  atOnce: number;
  /** Bytes for the records of all windows that are in memory. */
  records: number;
  /** Bytes that publishing takes of the budget, to have as much. */
  taken: number;
}

/**
 * What of a worker's memory the windows of one job may have, which are decoded and published by one step: all of it, if
 * the job has windows that need it. `wanted`: bytes of records that are enough.
 */
export function windowRoom(
  budgetBytes: number,
  { decodeConcurrency }: Pick<Tuning, 'decodeConcurrency'>,
  wanted = Infinity,
): WindowRoom {
  const most = Math.max(1, Math.floor((budgetBytes * MOST_BESIDE) / BESIDE_RECORDS));
  const atOnce = Math.min(decodeConcurrency, availableParallelism(), most);
  const beside = TRANSACTION_BUFFERS + atOnce * BESIDE_RECORDS;
  const records = Math.floor(Math.min(wanted, Math.max(budgetBytes - beside, budgetBytes * LEAST_RECORDS)));
  return { atOnce, records, taken: beside + records };
}
