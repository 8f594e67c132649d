import { randomBytes } from 'node:crypto';
import { parseKafkaConfig } from '../connections/kafka/config.ts';
import { openKafka } from '../connections/kafka/open-kafka.ts';
import { RecordBatchBuilder } from '../connections/kafka/batch/record-batch.ts';
import type { Publisher, RecordBatch } from '../connections/kafka/publish/publish-port.ts';

// Records a second, and CPU a record on the client's side, through RecordBatchBuilder and Publisher, against the broker
// of REWIND_KAFKA_BROKERS. Options: --records, --bytes (of key and value), --transaction (records), --partitions,
// --batch (bytes), --compression.
const options = new Map(
  process.argv.slice(2).map((option) => option.replace(/^--/, '').split('=') as [string, string]),
);
const number = (name: string, usual: number): number => Number(options.get(name) ?? usual);

const records = number('records', 2_000_000);
const bodyBytes = number('bytes', 300);
const perTransaction = number('transaction', 20_000);
const partitions = number('partitions', 1);
const batchBytes = number('batch', 900_000);
const compression = (options.get('compression') ?? 'none') as 'none';

const keyBytes = 10;
const valueBytes = bodyBytes - keyBytes - 3;
// Zigzag varints of both lengths, then random letters that compress about as text does.
const body = Buffer.concat([
  Buffer.from([keyBytes << 1]),
  Buffer.alloc(keyBytes, 'k'),
  Buffer.from([((valueBytes << 1) & 0x7f) | 0x80, valueBytes >> 6]),
  Buffer.from(randomBytes(valueBytes).toString('hex').slice(0, valueBytes)),
]);

const brokers = process.env['REWIND_KAFKA_BROKERS'];
if (brokers === undefined) throw new Error('REWIND_KAFKA_BROKERS is not set: expected host:port of a broker');
const name = `bench-publish-${randomBytes(4).toString('hex')}`;
const kafka = openKafka(parseKafkaConfig({ brokers }, 'REWIND_KAFKA_BROKERS'));
await kafka.createTopic(name, {
  partitions,
  replicationFactor: -1,
  settings: { 'retention.ms': '600000', 'max.message.bytes': String(Math.max(1_048_588, batchBytes + 10_000)) },
});
const publisher = await kafka.openPublisher({ transactionalId: name, compression });

const builders = Array.from(
  { length: partitions },
  (_, partition) => new RecordBatchBuilder({ topic: name, partition, capacity: batchBytes + 4096 }),
);
const epoch = 1_700_000_000_000;
let encoding = 0;
let committing = 0;

/** Encodes the records of one transaction. */
function encode(from: number, to: number): RecordBatch[] {
  const started = process.cpuUsage();
  const batches: RecordBatch[] = [];
  for (let ordinal = from; ordinal < to; ordinal++) {
    const timestamp = epoch + ordinal;
    const builder = builders[ordinal % partitions]!;
    if (builder.count > 0 && builder.byteLengthWith(body.length) > batchBytes) batches.push(builder.take());
    builder.add(Math.floor(timestamp / 2 ** 32), timestamp >>> 0, body, 0, body.length, ordinal);
  }
  for (const builder of builders) if (builder.count > 0) batches.push(builder.take());
  const { user, system } = process.cpuUsage(started);
  encoding += user + system;
  return batches;
}

async function publish(target: Publisher, from: number, to: number): Promise<void> {
  const batches = encode(from, to);
  const offsets = [{ group: name, topic: name, offsets: [{ partition: 0, offset: BigInt(to), metadata: 'bench' }] }];
  const started = performance.now();
  await target.commit({ batches, offsets });
  committing += performance.now() - started;
}

await publish(publisher, 0, perTransaction); // warms up code, broker and topic
encoding = committing = 0;
const cpuBefore = process.cpuUsage();
const started = performance.now();
let transactions = 0;
for (let from = perTransaction; from < records + perTransaction; from += perTransaction) {
  await publish(publisher, from, Math.min(from + perTransaction, records + perTransaction));
  transactions++;
}
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
console.log(
  JSON.stringify({
    records,
    bodyBytes,
    perTransaction,
    partitions,
    batchBytes,
    compression,
    recordsPerSecond: Math.round(records / seconds),
    megabytesPerSecond: Math.round((records * bodyBytes) / seconds / 1e6),
    cpuMicrosPerRecord: Number(((user + system) / records).toFixed(3)),
    encodingCpuMicrosPerRecord: Number((encoding / records).toFixed(3)),
    millisPerTransaction: Number((committing / transactions).toFixed(1)),
    maxRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
await publisher.close();
await kafka.close();
