import { FormatError } from '../../formats/format-error.ts';
import { WritableInput } from '../../formats/hadoop/writable-input.ts';
import type { GivenUp, GivenUpRequest } from '../archive-layout.ts';
import { EntryGone, entryName, type ArchiveEntry, type ArchiveTree } from '../archive-tree.ts';
import { partitionKey } from '../pinned-offsets.ts';
import { readKeyedFile } from './etl-key.ts';

const LISTED = 10;
const LONGEST_REASON = 200;

/**
 * Records that Camus could not decode, from the `errors*` files of an execution: their keys have one past the record's
 * offset. A file that is gone or broken tells what it told so far: this explains a gap, which is said in any case.
 */
export async function givenUpRecords(
  tree: ArchiveTree,
  request: GivenUpRequest,
  signal: AbortSignal,
): Promise<Map<string, GivenUp>> {
  const found = new Map<string, GivenUp>();
  try {
    for await (const entry of tree.list(request.execution, signal))
      if (entry.kind === 'file' && entryName(entry.path).startsWith('errors'))
        await takeFile(tree, entry, request, found, signal);
  } catch (error) {
    if (!(error instanceof EntryGone)) throw error;
  }
  return found;
}

async function takeFile(
  tree: ArchiveTree,
  file: ArchiveEntry,
  { topic, partitions, ranges }: GivenUpRequest,
  found: Map<string, GivenUp>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const { key, value } of readKeyedFile(tree.open(file), 'errors', signal)) {
      if (key.topic !== topic) continue;
      const partition = partitionKey(partitions, key.leaderId, key.partition);
      const range = ranges.get(partition);
      const offset = key.offset - 1n;
      if (range === undefined || offset < range.from || offset >= range.to) continue;
      const known = found.get(partition) ?? { where: file.path, records: 0, offsets: [], reason: reasonIn(value) };
      known.records += 1;
      if (known.offsets.length < LISTED) known.offsets.push(offset);
      found.set(partition, known);
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
}

/** First line of the stack trace or note. */
function reasonIn(value: Uint8Array): string {
  const [line = ''] = new WritableInput(value).text('the reason').split('\n');
  return line.slice(0, LONGEST_REASON);
}
