import { WritableBytes } from './hadoop-writable.ts';

/** Camus's EtlKey, HEAD of its repository: with the map, server and service in it, their old fields empty. */
export interface EtlKey {
  topic: string;
  /** Empty in `offsets-m-*`: EtlKey's copy constructor forgets it. */
  leaderId: string;
  partition: number;
  beginOffset: bigint;
  /** The next offset to read. */
  offset: bigint;
  checksum: number;
  time: number;
  map: { service: string; messageSize: number; server: string } | undefined;
}

export const ETL_KEY_CLASS = 'com.linkedin.camus.etl.kafka.common.EtlKey';
export const ETL_REQUEST_CLASS = 'com.linkedin.camus.etl.kafka.common.EtlRequest';
export const EXCEPTION_CLASS = 'com.linkedin.camus.etl.kafka.common.ExceptionWritable';
export const NULL_CLASS = 'org.apache.hadoop.io.NullWritable';

/** Ids that Hadoop's AbstractMapWritable gives to classes. */
const TEXT = -116;
const LONG = -122;

export function etlKeyBytes(key: EtlKey): Buffer {
  const out = new WritableBytes()
    .utf(key.leaderId)
    .int(key.partition)
    .long(key.beginOffset)
    .long(key.offset)
    .long(key.checksum)
    .utf(key.topic)
    .long(key.time)
    .utf('')
    .utf('')
    .byte(0);
  if (key.map === undefined) return out.int(0).take();
  const { service, messageSize, server } = key.map;
  // The order in which a Java HashMap gives these three.
  return out
    .int(3)
    .byte(TEXT)
    .text('service')
    .byte(TEXT)
    .text(service)
    .byte(TEXT)
    .text('message.size')
    .byte(LONG)
    .long(messageSize)
    .byte(TEXT)
    .text('server')
    .byte(TEXT)
    .text(server)
    .take();
}

/** Camus's EtlRequest, the key of `requests.previous`. */
export interface EtlRequest {
  topic: string;
  leaderId: string;
  uri: string;
  partition: number;
  offset: bigint;
  latestOffset: bigint;
}

export function etlRequestBytes(request: EtlRequest): Buffer {
  return new WritableBytes()
    .utf(request.topic)
    .utf(request.leaderId)
    .utf(request.uri)
    .int(request.partition)
    .long(request.offset)
    .long(request.latestOffset)
    .take();
}
