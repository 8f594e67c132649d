import { startsWith, type RecordFormat } from '../record-format.ts';

const SEQUENCE_FILE = { format: 'sequence-file' } as const;
const LAST_VERSION = 6;

/** SequenceFiles: `SEQ` and a version. */
export const sequenceFormat: RecordFormat<typeof SEQUENCE_FILE> = {
  byBytes: (head) =>
    startsWith(head, 0x53, 0x45, 0x51) && head.length > 3 && head[3]! <= LAST_VERSION ? SEQUENCE_FILE : undefined,
  byName: (name) => (name.endsWith('.seq') ? SEQUENCE_FILE : undefined),
  assumed: SEQUENCE_FILE,
  varies: false,
  cuttable: () => true,
};
