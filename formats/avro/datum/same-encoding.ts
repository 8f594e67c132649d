import type { ResolverAction, RecordAction } from '../schema/resolver-action.ts';

/**
 * Whether the blocks in which an array or map came may stay. A message has one, as Java writes it, so that consumers who
 * compare bytes find the same ones; a file may keep what it was given.
 */
export type Blocks = 'one block' | 'blocks are kept';

/**
 * Whether the writer's bytes are the binary encoding of what the reader reads, so that they can be copied: nothing is
 * moved, left out, promoted to a floating-point number or numbered differently. Arrays and maps never are where they
 * must come in one block.
 */
export function isSameEncoding(
  action: ResolverAction,
  records: Map<RecordAction, boolean>,
  blocks: Blocks = 'one block',
): boolean {
  switch (action.kind) {
    case 'same':
      return true;
    case 'promote':
      return action.reader.type !== 'float' && action.reader.type !== 'double';
    case 'enum':
      return action.indices.every((index, symbol) => index === symbol);
    case 'writer-union':
      return action.branches.every(
        (branch, index) =>
          branch.kind === 'reader-union' && branch.index === index && isSameEncoding(branch.action, records, blocks),
      );
    case 'record':
      return records.get(action) ?? isSameEncodingRecord(action, records, blocks);
    case 'array':
      return blocks === 'blocks are kept' && isSameEncoding(action.items, records, blocks);
    case 'map':
      return blocks === 'blocks are kept' && isSameEncoding(action.values, records, blocks);
    default:
      return false;
  }
}

function isSameEncodingRecord(action: RecordAction, records: Map<RecordAction, boolean>, blocks: Blocks): boolean {
  // Until its fields are known a record that holds itself counts as one that is copied. What was found true on that
  // ground is forgotten if it turns out not to be; what was found false is false anyway.
  const known = new Set(records.keys());
  records.set(action, true);
  const result =
    action.missing === undefined &&
    action.sources.length === action.actions.length &&
    action.sources.every((source, field) => {
      const part = action.actions[field];
      return source === field && part !== undefined && isSameEncoding(part, records, blocks);
    });
  if (!result) {
    for (const [record, verbatim] of records) if (verbatim && !known.has(record)) records.delete(record);
    records.set(action, false);
  }
  return result;
}
