import type { Puller } from './archive/pull/pull-task.ts';
import type { Ranger } from './ranges/run/range-task.ts';
import type { SplitDecoder } from './replay/decode/split-decoder.ts';
import type { FunctionsSummary } from './replay/functions/functions-module.ts';
import type { Tuning } from './replay/job/replay-job.ts';
import type { MemoryBudget } from './step/memory-budget.ts';
import type { Servers } from './step/servers.ts';
import type { Tallier } from './verify/threads/tally-task.ts';

/** What a worker hands to the steps: connections, memory, threads. */
export interface Dependencies extends Servers {
  budget: MemoryBudget;
  decoder: SplitDecoder;
  puller: Puller;
  ranger: Ranger;
  tallier: Tallier;
  /** The worker's functions module; undefined where it has none. */
  functions(): Promise<FunctionsSummary | undefined>;
  tuning: Tuning;
}
