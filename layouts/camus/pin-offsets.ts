import type { PinRequest } from '../archive-layout.ts';
import { entryName, type ArchiveTree } from '../archive-tree.ts';
import { LayoutError } from '../layout-error.ts';
import type { PinnedOffsets } from '../pinned-offsets.ts';
import { newestExecution } from './execution-history.ts';
import { executionOffsets } from './execution-offsets.ts';
import { runBoundaries } from './run-boundaries.ts';

/** What `archive.exec` stands for, and is not where archives of Rewind have their history unless they follow Camus. */
const OF_CAMUS = '/base/history';

/** The history that is probably meant. */
async function besideIt(tree: ArchiveTree, history: string, signal: AbortSignal): Promise<string> {
  if (!history.endsWith(OF_CAMUS)) return '';
  const own = `${history.slice(0, -OF_CAMUS.length)}/history`;
  return (await tree.status(own, signal)) === undefined
    ? ''
    : ` There is one at ${own}, where Rewind's own archives have it: "archive": { "history": "${own}" }.`;
}

/** The offsets of the newest execution in the history: where Camus itself would go on. */
export async function pinOffsets(tree: ArchiveTree, request: PinRequest, signal: AbortSignal): Promise<PinnedOffsets> {
  const { folder: history, topic } = request;
  if ((await tree.status(history, signal)) === undefined)
    throw new LayoutError(
      'history-missing',
      `There is no execution history at ${history}. Check archive.exec or archive.history (Camus's etl.execution.history.path).${await besideIt(tree, history, signal)}`,
      { path: history },
    );
  const names: string[] = [];
  const files: string[] = [];
  for await (const entry of tree.list(history, signal))
    (entry.kind === 'directory' ? names : files).push(entryName(entry.path));
  const newest = newestExecution(names);
  if (newest === undefined)
    throw new LayoutError(
      'history-unusable',
      `${history} holds no execution: expected folders named yyyy-MM-dd-HH-mm-ss, found ${[...names, ...files].slice(0, 5).join(', ') || 'nothing'}.`,
      { path: history },
    );
  const folder = `${history}/${newest.name}`;
  const found = await executionOffsets(tree, request, folder, signal);
  if (found === undefined)
    throw new LayoutError(
      'history-unusable',
      `The newest execution ${folder} has no file whose name begins with "offsets": Camus did not finish it. Check the folder; an older one would give offsets that were already passed.`,
      { path: folder },
    );
  const ignored = [...newest.ignored, ...files].map(
    (name) => `${history}/${name} is not an execution and was left out`,
  );
  const { next, remarks, endedAt } = found;
  if (Object.keys(next).length === 0 && request.required)
    throw new LayoutError(
      'offsets-missing',
      `The newest execution ${folder} holds no offsets of topic ${topic}. Is the topic's name right, and is it one that Camus pulls?`,
      { path: folder, topic },
    );
  const older = names
    .filter((name) => name < newest.name && !newest.ignored.includes(name))
    .map((name) => `${history}/${name}`);
  const { remarks: ofRuns, ...runs } = await runBoundaries(tree, request, older, { ...found, folder }, signal);
  const said = [...ignored, ...remarks, ...ofRuns];
  return { execution: folder, startedAt: newest.startedAt, endedAt, next, ...runs, remarks: said };
}
