import { bounded } from '../step/bounded-list.ts';
import type { StepContext } from '../step/run-step.ts';
import type { TopicProblem } from './steps.ts';

/** Of messages, and of the names of further topics, in a result. */
const LISTED_BYTES = 16 * 1024;
const NAMED_BYTES = 4 * 1024;

/** The problems of a run as its result has them: bounded, and every topic named for as long as there is room. */
export function listedProblems(all: readonly TopicProblem[]): {
  problems: TopicProblem[];
  moreProblems: number;
  remarks: string[];
} {
  const problems = bounded(all, LISTED_BYTES);
  const rest = all.slice(problems.length).map(({ topic }) => topic);
  const named = bounded(rest, NAMED_BYTES);
  const more = rest.length - named.length;
  return {
    problems,
    moreProblems: rest.length,
    remarks:
      rest.length === 0
        ? []
        : [
            `${rest.length} more topics with problems: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}; the worker's log says of each which one`,
          ],
  };
}

/** Tells every problem to the worker's log, which has room for any number. */
export function logProblems(
  { log, workflow: { workflowId } }: Pick<StepContext, 'log' | 'workflow'>,
  problems: readonly TopicProblem[],
): void {
  for (const { topic, message } of problems)
    log.warn(`${topic} is not archived, or not wholly: ${message}`, { workflowId });
}
