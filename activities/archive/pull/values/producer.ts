import { compileFieldReader, type FieldReader } from '../../../../formats/avro/field-reader.ts';
import type { AvroSchema } from '../../../../formats/avro/schema/schema.ts';
import { FormatError } from '../../../../formats/format-error.ts';

/** Who made a record, as far as it says. */
export interface Producer {
  readonly server: string;
  readonly service: string;
}

/** As Camus has it for records that don't say. */
export const UNKNOWN_PRODUCER: Producer = { server: 'unknown_server', service: 'unknown_service' };

/** The producer of the datum that is [start, end) of `bytes`. */
export type ReadProducer = (bytes: Buffer, start: number, end: number) => Producer;

/** Reads `header.server` and `header.service` of a writer's records, as Camus's decoder does. */
export function producerReader(writer: AvroSchema): ReadProducer {
  const server = partReader(writer, 'server', UNKNOWN_PRODUCER.server);
  const service = partReader(writer, 'service', UNKNOWN_PRODUCER.service);
  let last = UNKNOWN_PRODUCER;
  return (bytes, start, end) => {
    const [ofServer, ofService] = [server(bytes, start, end), service(bytes, start, end)];
    if (ofServer !== last.server || ofService !== last.service) last = { server: ofServer, service: ofService };
    return last;
  };
}

function partReader(writer: AvroSchema, name: string, unknown: string): (...datum: Parameters<ReadProducer>) => string {
  const field = fieldReader(writer, ['header', name]);
  if (field === undefined) return () => unknown;
  let lastBytes = Buffer.alloc(0);
  let lastText = '';
  return (bytes, start, end) => {
    const found = read(field, bytes, start, end);
    if (found === undefined) return unknown;
    // Most records name the one before theirs: its text is there already.
    if (!lastBytes.equals(found)) {
      lastBytes = Buffer.from(found);
      lastText = lastBytes.toString();
    }
    return lastText;
  };
}

/** Undefined where this very record has no such field: it is archived already, and only told less of. */
function read(field: FieldReader, ...datum: Parameters<ReadProducer>): Uint8Array | undefined {
  try {
    return field.read(...datum);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}

function fieldReader(writer: AvroSchema, path: readonly string[]): FieldReader | undefined {
  try {
    return compileFieldReader(writer, path);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return undefined;
  }
}
