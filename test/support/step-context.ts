import type { StepContext } from '../../activities/step/run-step.ts';

/** What a step gets beside its input, in a test of the step alone: nobody cancels it, and no other job is there. */
export function stepContext(changes: Partial<StepContext> = {}): StepContext {
  return {
    signal: new AbortController().signal,
    cancelRequested: () => false,
    progress: () => undefined,
    waits: () => undefined,
    attempt: 1,
    resumed: undefined,
    workflow: { workflowId: 'replay-events', runId: 'run-1' },
    temporal: { namespace: 'default', isRunning: async () => false, keywordAttributes: async () => [] },
    metrics: { count: () => undefined, gauge: () => undefined, seconds: () => undefined },
    log: { info: () => undefined, warn: () => undefined },
    ...changes,
  };
}
