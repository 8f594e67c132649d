import type { RecordCursor } from '../../../connections/kafka/read/topic-reader.ts';
import type { DatumSource, SchemaKey } from './datum-source.ts';
import { frameFault, schemaKeyOf, type FoundFrame } from './schema-key.ts';

/** Values in the frame of a schema registry, or beside a header that names their schema. */
export class FramedDatums implements DatumSource {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  readonly fault = 'frame';
  wrong = '';
  readonly #found: FoundFrame = { start: 0, fault: undefined };

  find(record: RecordCursor): SchemaKey | undefined {
    const { bytes, valueStart, valueEnd } = record;
    this.bytes = bytes;
    this.end = valueEnd;
    const key = schemaKeyOf(record, 'value', valueStart, valueEnd, this.#found);
    this.start = this.#found.start;
    if (key === undefined) this.#refuse(bytes, valueStart, valueEnd);
    return key;
  }

  decoder(): () => void {
    return () => undefined;
  }

  #refuse(bytes: Buffer, start: number, end: number): void {
    const fault = frameFault(bytes, start, end, this.#found);
    this.wrong = `${fault?.message}: expected ${fault?.facts.expected}, found ${fault?.facts.found}`;
  }
}
