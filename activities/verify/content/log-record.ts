import type { RecordCursor } from '../../../connections/kafka/read/topic-reader.ts';
import { addNullAsEmpty } from './body-record.ts';
import type { ComparedContent } from './comparison.ts';
import type { ContentHash } from './content-hash.ts';
import { addOwnHeaders } from './own-headers.ts';

/** The content of a record of a log that needs no decoding, as `BodyRecord` has that of the archive. */
export function logHash(hash: ContentHash, record: RecordCursor, content: ComparedContent, offset?: bigint): bigint {
  const { bytes, keyStart, keyEnd, valueStart, valueEnd, headersStart, recordEnd, headerCount } = record;
  hash.begin();
  if (offset !== undefined) hash.int64(offset);
  switch (content) {
    case 'whole':
      hash.int64(record.timestamp).field(bytes, keyStart, keyEnd).field(bytes, valueStart, valueEnd);
      addOwnHeaders(hash, bytes, headersStart, recordEnd, headerCount);
      break;
    case 'published':
      hash.field(bytes, keyStart, keyEnd).field(bytes, valueStart, valueEnd);
      addOwnHeaders(hash, bytes, headersStart, recordEnd, headerCount);
      break;
    case 'pair':
      addNullAsEmpty(hash, bytes, keyStart, keyEnd);
      addNullAsEmpty(hash, bytes, valueStart, valueEnd);
      break;
    case 'value':
      hash.field(bytes, valueStart, valueEnd);
      break;
    case 'none':
      return 0n;
  }
  return hash.digest();
}
