import { AwayLeaders } from '../../../../activities/archive/pull/away-leaders.ts';
import type { PullParts } from '../../../../activities/archive/pull/pull-ranges.ts';
import { writtenLayout } from '../../../../layouts/written-layout.ts';
import { MemoryFileStore } from '../../../support/memory-file-store.ts';

/** Nothing is too old, too new or left out, and the first bad record is one too many. */
export const RULES: PullParts['rules'] = {
  horizon: Infinity,
  wild: 'kafka',
  oldest: -Infinity,
  span: Infinity,
  policy: 'fail',
};

/** What pulling takes beside a reader and values, in memory; nobody limits or cancels it. */
export function pullParts(own: Pick<PullParts, 'reader' | 'valuesOf'> & Partial<PullParts>): PullParts {
  return {
    store: new MemoryFileStore(),
    epochs: { epochEnds: async () => [] },
    buckets: writtenLayout().buckets({}),
    pathOf: ({ partition }) => `/dest/${partition}`,
    countsOf: () => undefined,
    folder: '/staging',
    rules: RULES,
    passGaps: false,
    leaders: new AwayLeaders({ listTopics: async () => [], listOffsets: async () => [] }, { giveUp: false }),
    signal: new AbortController().signal,
    pace: async () => undefined,
    progress: () => undefined,
    ...own,
  };
}
