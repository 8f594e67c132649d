import { ConnectionError } from '../../../connections/connection-error.ts';
import type { FileStore } from '../../../connections/hdfs/file-store.ts';
import { baseName } from '../../../connections/hdfs/hdfs-path.ts';
import type { TopicOverview } from '../../../connections/kafka/admin/admin-port.ts';
import { writtenLayout } from '../../../layouts/written-layout.ts';
import type { StepContext } from '../../step/run-step.ts';
import type { ArchiveJob } from '../job/archive-job.ts';
import { filesBelow } from './leftovers.ts';

/** Why a run without any execution before it is none: the archive is there, and its history is elsewhere, or gone. */
export interface ForgottenHistory {
  /** The first few data files of the topics. */
  examples: string[];
  /** What it means, and what to do. */
  problem: string;
}

type Job = Pick<ArchiveJob, 'dest' | 'exec' | 'history' | 'leftovers'>;

const EXAMPLES = 10;

/**
 * Whether a HISTORY without any execution is a mistake: DEST holds data of the topics, or the other folder in which a
 * history is by default has executions. To begin would archive all that Kafka still holds a second time.
 *
 * @returns undefined where this is a first run
 */
export async function forgottenHistory(
  store: FileStore,
  job: Job,
  topics: readonly TopicOverview[],
  { signal, progress }: Pick<StepContext, 'signal' | 'progress'>,
): Promise<ForgottenHistory | undefined> {
  const examples = await firstData(store, job.dest, topics, signal, (looked) => progress({ looked }));
  const others: OtherHistory[] = [];
  for (const path of writtenLayout().usualHistories(job.exec))
    if (path !== job.history) others.push({ path, ...(await executionsIn(store, path, signal)) });
  if (examples.length === 0 && others.every(({ executions }) => executions === 0)) return undefined;
  return { examples, problem: problemText(job, examples, others) };
}

/** Those that are found first: one is enough, and there may be millions. */
async function firstData(
  store: FileStore,
  dest: string,
  topics: readonly TopicOverview[],
  signal: AbortSignal,
  looked: (topic: string) => void,
): Promise<string[]> {
  const examples: string[] = [];
  const folders = new Map(topics.map(({ topic }) => [writtenLayout().topicFolder(dest, topic), topic]));
  for (const [folder, topic] of folders)
    try {
      for await (const { path } of filesBelow(store, folder, signal, () => looked(topic))) {
        if (writtenLayout().place(path) !== undefined) examples.push(path);
        if (examples.length === EXAMPLES) return examples;
      }
    } catch (error) {
      // What is no folder, or shows nothing to this login, is a problem of its topic alone: nothing is placed there.
      if (!(error instanceof ConnectionError) || error.retryable) throw error;
    }
  return examples;
}

interface OtherHistory {
  path: string;
  executions: number;
  newest: string | undefined;
}

async function executionsIn(
  store: FileStore,
  path: string,
  signal: AbortSignal,
): Promise<Pick<OtherHistory, 'executions' | 'newest'>> {
  let executions = 0;
  let newest: string | undefined;
  try {
    for await (const entry of store.list(path, signal)) {
      const name = baseName(entry.path);
      if (entry.kind !== 'directory' || writtenLayout().executionStart(name) === undefined) continue;
      executions += 1;
      if (newest === undefined || name > newest) newest = name;
    }
  } catch (error) {
    // What this worker may not look into is no history that it could go on with.
    if (!(error instanceof ConnectionError) || error.retryable) throw error;
  }
  return { executions, newest };
}

function problemText(
  { dest, exec, history, leftovers }: Job,
  examples: readonly string[],
  others: readonly OtherHistory[],
): string {
  const found =
    examples[0] === undefined ? '' : `${dest} holds data of the topics of this job, such as ${examples[0]}, and `;
  const elsewhere = others.map(otherText).join(' ');
  const unmoved =
    leftovers === 'quarantine'
      ? ' leftovers "quarantine" moves nothing here: without offsets nobody knows which of the files are to stay.'
      : '';
  return `${found}${history} has no execution from which to go on: a run would archive all that Kafka still holds from the beginning, a second time. ${elsewhere} Set history to the folder that Camus's etl.execution.history.path names (exec is ${exec}), or restore what was there. Where the files are of another topic whose folder has the same name, or this is to be a new beginning beside what is there, set leftovers to "ignore" for the first run.${unmoved}`;
}

function otherText({ path, executions, newest }: OtherHistory): string {
  if (newest === undefined) return `${path} was looked at, too, and has none either.`;
  const count = executions === 1 ? '1 execution' : `${executions} executions`;
  return `${path} has ${count}, the newest ${newest}: did you mean "history": "${path}"?`;
}
