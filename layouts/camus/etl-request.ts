import { WritableInput } from '../../formats/hadoop/writable-input.ts';
import { WritableOutput } from '../../formats/hadoop/writable-output.ts';
import { FormatError } from '../../formats/format-error.ts';

export const ETL_REQUEST_CLASS = 'com.linkedin.camus.etl.kafka.common.EtlRequest';

/** Camus's `EtlRequest`, the keys of `requests.previous`: a partition as a run found it. */
export interface EtlRequest {
  topic: string;
  leaderId: string;
  /** `tcp://HOST:PORT` of the leader. */
  uri: string;
  partition: number;
  /** 0: Camus writes its requests before it has looked up where to go on. */
  offset: bigint;
  latestOffset: bigint;
}

export function encodeEtlRequest(request: EtlRequest): Buffer {
  return new WritableOutput()
    .modifiedUtf8(request.topic)
    .modifiedUtf8(request.leaderId)
    .modifiedUtf8(request.uri)
    .int32(request.partition)
    .int64(request.offset)
    .int64(request.latestOffset)
    .take();
}

/** @throws FormatError 'truncated' or 'corrupt', without a position */
export function decodeEtlRequest(bytes: Uint8Array): EtlRequest {
  const input = new WritableInput(bytes);
  const request = {
    topic: input.modifiedUtf8('the topic'),
    leaderId: input.modifiedUtf8('the leader id'),
    uri: input.modifiedUtf8('the address of the leader'),
    partition: input.int32('the partition'),
    offset: input.int64('the offset'),
    latestOffset: input.int64('the latest offset'),
  };
  if (input.remaining === 0) return request;
  throw new FormatError('corrupt', 'bytes follow an EtlRequest', {
    expected: 'no byte behind the latest offset',
    found: `${input.remaining} bytes`,
  });
}
