import type { Decision } from '../../../activities/archive/decision/decision.ts';

/** Head of the decision of a run `a/1`. */
export function runHead(
  own: Pick<Decision['head'], 'history' | 'execution'> & Partial<Decision['head']>,
): Decision['head'] {
  return { kind: 'head', version: 1, job: 'a/1', staging: '/dest/.rewind/x/y', dest: '/dest', decidedAt: 0, ...own };
}
