import { ORDINAL_HEADER } from '../../../connections/kafka/batch/record-batch.ts';
import type { RecordCursor } from '../../../connections/kafka/read/topic-reader.ts';
import { ordinalAt } from '../../replay/publish/ordinal-of.ts';

const NAME = Buffer.from(ORDINAL_HEADER);

/**
 * Whether a record has the header that every replay into its own source gives. Programs pass headers on, so that this
 * says something only of a topic that has a replay's claim.
 */
export function isReplayed(record: RecordCursor): boolean {
  const { bytes, headerCount, headersStart, recordEnd } = record;
  return headerCount > 0 && bytes.subarray(headersStart, recordEnd).includes(NAME) && ordinalAt(record) !== undefined;
}
