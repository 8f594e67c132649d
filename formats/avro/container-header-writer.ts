import { ByteWriter } from '../byte-writer.ts';
import { appendCount } from './datum/append-long.ts';

/**
 * The header of a container file: its metadata in one block of the map, in the order of Java's writer.
 * @throws RangeError for metadata that has the format's own keys, or a key twice
 */
export function encodeContainerHeader(options: {
  schemaJson: string;
  codec?: string | undefined;
  syncMarker: Uint8Array;
  metadata?: Iterable<readonly [key: string, value: Uint8Array | string]> | undefined;
}): Uint8Array {
  const { schemaJson, codec = 'null', syncMarker, metadata = [] } = options;
  const entries = new Map<string, Uint8Array | string>([['avro.schema', schemaJson]]);
  if (codec !== 'null') entries.set('avro.codec', codec);
  for (const [key, value] of metadata) {
    if (key.startsWith('avro.')) throw new RangeError(`the metadata key ${key} is one of Avro's own`);
    if (entries.has(key)) throw new RangeError(`the metadata key ${key} comes twice`);
    entries.set(key, value);
  }
  const out = new ByteWriter(schemaJson.length + 1024);
  out.append(Buffer.from('Obj\x01', 'latin1'));
  appendCount(out, entries.size);
  for (const entry of entries) for (const part of entry) appendBytes(out, part);
  appendCount(out, 0);
  out.append(syncMarker);
  return out.view();
}

function appendBytes(out: ByteWriter, part: Uint8Array | string): void {
  const bytes = typeof part === 'string' ? Buffer.from(part) : part;
  appendCount(out, bytes.length);
  out.append(bytes);
}
