import { syncMarkerOf } from '../../formats/avro/container-writer.ts';
import type { ArchiveWriting, ExecutionFile, WrittenExecution, WrittenOffset } from '../archive-writing.ts';
import { archiveFileName, archiveTopicName } from './archive-file-name.ts';
import { isDataFile, parseArchiveName } from './archive-names.ts';
import { countsFile, readCountsFile } from './counts-file.ts';
import { etlKeyMap } from './etl-key-output.ts';
import { readOffsetsFile, type EtlKey } from './etl-key.ts';
import type { EtlRequest } from './etl-request.ts';
import { errorsFile, offsetsFile, requestsFile } from './execution-files.ts';
import { executionStart } from './execution-history.ts';
import { nextExecutionName } from './execution-name.ts';
import { TimePartitions } from './time-partitions.ts';
import {
  AUDIT_TOPIC,
  encodeTrackingMonitoringEvent,
  TRACKING_MONITORING_EVENT_SCHEMA,
} from './tracking-monitoring-event.ts';

const COUNTS_NAME = 'counts.m-00000';

/** Archives as Camus wrote them: its readers read them, and it could go on from them. */
export const camusWriting: ArchiveWriting = {
  topicFolder: (dest, topic) => `${dest}/${archiveTopicName(topic)}`,
  buckets: (options) => new TimePartitions(options),
  path: (dest, { topic, leader, partition, records, next, bucket }, extension) => {
    const facts = { topic, node: leader, partition, count: records, nextOffset: next, bucketStartMs: bucket.start };
    return `${dest}/${archiveTopicName(topic)}/${bucket.folder}/${archiveFileName(facts, extension)}`;
  },
  place: (path) => parseArchiveName(path.slice(path.lastIndexOf('/') + 1)),
  isData: isDataFile,
  executionStart,
  usualHistories: (exec) => [`${exec}/base/history`, `${exec}/history`],
  executionName: nextExecutionName,
  executionFiles,
  countsName: COUNTS_NAME,
  readCounts: readCountsFile,
  auditEvents: {
    topic: AUDIT_TOPIC,
    schemaJson: TRACKING_MONITORING_EVENT_SCHEMA,
    encode: encodeTrackingMonitoringEvent,
  },
  holdsOffsets: (name) => name.startsWith('offsets'),
  readOffsets: async (source, signal) => (await readOffsetsFile(source, signal)).map(offsetOf),
};

/**
 * Exactly one file of offsets, with one key of every partition that is known: Camus2Kafka reads no other, and stumbles
 * over a second key of a partition.
 */
function executionFiles({ name, partitions, errors, counts }: WrittenExecution): ExecutionFile[] {
  const options = { syncMarker: syncMarkerOf(name), compression: 'record', codec: 'deflate' } as const;
  const files: ExecutionFile[] = [
    {
      name: 'offsets-m-00000',
      chunks: offsetsFile(
        partitions.map((each) => keyOf(each, each.next)),
        options,
      ),
    },
    // Where a topic began anew, its start is the smaller number: of two offsets the larger one wins.
    {
      name: 'offsets-previous',
      chunks: offsetsFile(
        partitions.map((each) => keyOf(each, smaller(each))),
        options,
      ),
    },
    {
      name: 'errors-m-00000',
      chunks: errorsFile(
        errors.map(({ topic, partition, offset, message }) => ({
          key: { ...EMPTY_KEY, topic, partition, beginOffset: offset, offset: offset + 1n },
          text: message,
        })),
        options,
      ),
    },
  ];
  files.push({ name: 'requests.previous', chunks: requestsFile(partitions.flatMap(requestOf), options) });
  if (counts.length > 0) files.push({ name: COUNTS_NAME, chunks: [Buffer.from(countsFile(counts))] });
  return files;
}

/** What a run asked for, of partitions that were there. */
function requestOf(each: WrittenExecution['partitions'][number]): EtlRequest[] {
  const { topic, partition, leader, leaderAddress, latest } = each;
  if (leaderAddress === undefined || latest === undefined) return [];
  return [{ topic, leaderId: leader, uri: `tcp://${leaderAddress}`, partition, offset: 0n, latestOffset: latest }];
}

const EMPTY_KEY: EtlKey = {
  leaderId: '',
  partition: 0,
  beginOffset: 0n,
  offset: 0n,
  checksum: 0n,
  topic: '',
  time: 0n,
  server: '',
  service: '',
  map: undefined,
};

/** As Camus has it where nothing tells how large records are. */
const UNKNOWN_RECORD_BYTES = 1024;

function keyOf(each: WrittenOffset & { start: bigint }, offset: bigint): EtlKey {
  const { topic, partition, leader, start, messageSize = UNKNOWN_RECORD_BYTES } = each;
  const map = etlKeyMap({ server: '', service: '', messageSize: BigInt(messageSize) });
  const beginOffset = start < offset ? start : offset;
  return { ...EMPTY_KEY, leaderId: leader, topic, partition, beginOffset, offset, map };
}

function smaller({ start, next }: { start: bigint; next: bigint }): bigint {
  return start < next ? start : next;
}

function offsetOf({ topic, partition, leaderId, offset, map }: EtlKey): WrittenOffset {
  const size = Number(map?.get('message.size') ?? 0n);
  return { topic, partition, leader: leaderId, next: offset, messageSize: size > 0 ? size : undefined };
}
