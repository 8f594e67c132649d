import type { Message } from 'kafkajs';
import { JSON_VALUES } from '../archive/round-values.ts';
import type { ArchivedForm } from './archived-form.ts';

/** Hours before now: records of another week would be deleted by Kafka's retention in the middle of a round. */
const HOURS = 4 * 3_600_000;
const BEGAN = Date.now() - HOURS;

const KIND = { ...JSON_VALUES, replay: {} };

/** Headers with repeats and empty values (kafkajs sends none that are null); empty keys and values; times of their own. */
function dressed(message: Message, n: number): Message {
  const header = Buffer.from(`h${n}`);
  const headers = { again: [header, 'x', header], empty: '' };
  return {
    ...message,
    ...(n % 13 === 0 ? { key: '' } : {}),
    ...(n % 17 === 0 ? { value: '' } : {}),
    ...(n % 3 === 0 ? {} : { headers }),
    timestamp: String(BEGAN + ((n * 7_919) % HOURS)),
  };
}

/** Records that are archived whole. */
export const WHOLE: ArchivedForm = {
  values: {
    ...KIND,
    archive: { value: 'record' },
    codecs: ['none', 'snappy', 'zstandard'],
    dress: dressed,
  },
  job: { archive: { format: 'auto' } },
  expected: (records) => records,
  keepsOffsets: true,
};

/** Lines `TOPIC-PARTITION-OFFSET<@>KEY<@>PAYLOAD`, which hold no headers and no times, and null where nothing is. */
export const NIFI: ArchivedForm = {
  values: { ...KIND, archive: { value: 'nifi' }, codecs: ['none', 'gzip'] },
  job: { archive: { format: 'nifi' } },
  expected: (records) => records.map(({ key, value }) => ({ key, value, timestamp: undefined, headers: [] })),
  keepsOffsets: false,
};
