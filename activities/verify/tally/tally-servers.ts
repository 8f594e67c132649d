import type { MemoryBudget } from '../../step/memory-budget.ts';
import type { StepContext } from '../../step/run-step.ts';
import type { Servers } from '../../step/servers.ts';

/** What the steps that count and hash need of a worker: little enough to be had in a thread as well. */
export type TallyServers = Pick<Servers, 'hdfs' | 'kafka' | 'registry'> & { budget: Pick<MemoryBudget, 'take'> };

export interface TallyContext extends Pick<StepContext, 'signal' | 'progress'> {
  metrics: Pick<StepContext['metrics'], 'count'>;
}
