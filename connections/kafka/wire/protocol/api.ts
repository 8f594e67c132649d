import type { ProtocolReader } from './protocol-reader.ts';
import type { ProtocolWriter } from './protocol-writer.ts';

/** One API of Kafka's protocol, in the versions that Rewind speaks (https://kafka.apache.org/protocol). */
export interface Api<Request, Answer> {
  key: number;
  name: string;
  /** Versions that `encode` and `decode` know; the newest that the broker knows too is used. */
  versions: readonly number[];
  /** First version with compact types and tagged fields. @default none */
  flexibleFrom?: number;
  encode(writer: ProtocolWriter, request: Request, version: number): void;
  decode(reader: ProtocolReader, version: number): Answer;
}
