import { RegistryValues, type Numbered } from '../archive/round-values.ts';
import type { ArchivedForm } from './archived-form.ts';
import type { WholeRecord } from './read-whole.ts';

const START = Date.UTC(2026, 10, 20, 10);
const HOURS = 4 * 3_600_000;

/** Framed Avro by two versions of a schema, in files of each version, with a time of its own for each record. */
class FramedValues extends RegistryValues {
  override readonly archive = { value: 'registry', schema: 'writer' } as const;

  override encode(record: Numbered): Buffer {
    const time = START + ((record.n * 7_919) % HOURS);
    return super.encode({ ...record, timestamp: new Date(time).toISOString() });
  }

  /** Time of a record, in ms since 1970 UTC. */
  timeOf(message: Buffer): number {
    return Date.parse((JSON.parse(this.decode(message)) as Numbered).timestamp);
  }
}

/**
 * Values that come back in the frame that each of them had in the live topic, byte for byte: in order of time, since an
 * archive of values tells no offsets of records.
 *
 * @param url - base of the registry's API, past all proxies
 */
export function framed(url: string): ArchivedForm {
  const values = new FramedValues(url);
  const timed = ({ value }: WholeRecord): { value: string; time: number }[] =>
    value === null ? [] : [{ value, time: values.timeOf(Buffer.from(value, 'latin1')) }];
  return {
    values,
    job: {
      archive: {},
      time: { field: 'timestamp' },
      output: { encoding: 'avro-binary', frame: 'writer', partitions: 'source' },
    },
    expected: (records) =>
      records
        .flatMap(timed)
        .sort((a, b) => a.time - b.time)
        .map(({ value, time }) => ({ key: null, value, timestamp: BigInt(time), headers: [] })),
    keepsOffsets: false,
  };
}
