import { startsWith, type RecordFormat } from '../record-format.ts';

const AVRO = { format: 'avro' } as const;

/** Avro container files: `Obj\x01`. */
export const containerFormat: RecordFormat<typeof AVRO> = {
  byBytes: (head) => (startsWith(head, 0x4f, 0x62, 0x6a, 0x01) ? AVRO : undefined),
  byName: (name) => (name.endsWith('.avro') ? AVRO : undefined),
  assumed: AVRO,
  varies: false,
  cuttable: () => true,
};
