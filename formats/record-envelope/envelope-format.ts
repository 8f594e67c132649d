import type { RecordFormat } from '../record-format.ts';

const RECORD = { format: 'record' } as const;

/**
 * Avro container files of whole records. By their first bytes they are Avro like any other, and text is asked before:
 * what tells them is the schema in the header (`isEnvelope`), so this is never detected, only said.
 */
export const envelopeFormat: RecordFormat<typeof RECORD> = {
  byBytes: () => undefined,
  byName: () => undefined,
  assumed: RECORD,
  varies: false,
  tellsOffsets: true,
  cuttable: () => true,
};
