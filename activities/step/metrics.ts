import type { MetricMeter } from '@temporalio/common';
import type { Counter } from './counters.ts';

/** Seconds that an attempt of a step took. */
export const STEP_SECONDS = 'rewind_step_seconds';

/** Counts for one attempt of a step. */
export interface StepMetrics {
  count(counter: Counter, value: number, tags?: Record<string, string>): void;
  /** What something is now, in this process; the last value stays. */
  gauge(gauge: Counter, value: number, tags?: Record<string, string>): void;
  seconds(value: number, outcome: 'done' | 'failed' | 'ended'): void;
}

/** Over the meter of an activity; every count carries the step and the topic. */
export function stepMetrics(meter: MetricMeter, step: string, topic: string | undefined): StepMetrics {
  const tagged = meter.withTags({ step, ...(topic !== undefined && { topic }) });
  return {
    count({ name, unit, description }, value, tags = {}) {
      tagged.createCounter(name, unit, description).add(value, tags);
    },
    gauge({ name, unit, description }, value, tags = {}) {
      tagged.createGauge(name, 'float', unit, description).set(value, tags);
    },
    seconds(value, outcome) {
      const histogram = tagged.createHistogram(STEP_SECONDS, 'float', 's', 'Seconds that an attempt of a step took');
      histogram.record(value, { outcome });
    },
  };
}
