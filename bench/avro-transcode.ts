/**
 * Records a second from Avro data to published bytes, beside avsc's decode and toString on the same data: CPU time of one
 * process and thread, no I/O, the best of some rounds. Usage: node bench/avro-transcode.js [rounds]
 */
import avro from 'avsc';
import { parseSchema } from '../formats/avro/schema/parse-schema.ts';
import { compileInt64Reader } from '../formats/avro/int64-reader.ts';
import { compileSkip } from '../formats/avro/skip-datum.ts';
import { Cursor } from '../formats/avro/datum/cursor.ts';
import { JsonSteps } from '../formats/avro/datum/json-steps.ts';
import { resolve } from '../formats/avro/schema/resolve.ts';
import type { RecordEncoding, Transcoder } from '../formats/avro/transcoder.ts';
import { compileTranscoder } from '../formats/avro/transcoder.ts';
import { ByteWriter } from '../formats/byte-writer.ts';

const RECORDS = 20_000;
const ROUNDS = Number(process.argv[2] ?? 15);

/** About 300 bytes, with what events have: a header, ids, text, an optional text, an enum, a map, a double. */
const SCHEMA = {
  type: 'record',
  name: 'PageView',
  namespace: 'com.example.tracking',
  fields: [
    {
      name: 'header',
      type: {
        type: 'record',
        name: 'Header',
        fields: [
          { name: 'time', type: 'long' },
          { name: 'server', type: 'string' },
          { name: 'service', type: 'string' },
        ],
      },
    },
    { name: 'memberId', type: ['null', 'long'], default: null },
    { name: 'pageKey', type: 'string' },
    { name: 'url', type: 'string' },
    { name: 'durationMs', type: 'int' },
    { name: 'score', type: 'double' },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['VIEW', 'CLICK', 'SCROLL'] } },
    { name: 'referrer', type: ['null', 'string'], default: null },
    { name: 'isMobile', type: 'boolean' },
    { name: 'params', type: { type: 'map', values: 'string' } },
  ],
} as const;

/** The same with two fields exchanged, one added and one promoted: what a schema goes through in years. */
const EVOLVED = {
  ...SCHEMA,
  fields: [
    SCHEMA.fields[0],
    SCHEMA.fields[2],
    SCHEMA.fields[1],
    SCHEMA.fields[3],
    { name: 'durationMs', type: 'long' },
    ...SCHEMA.fields.slice(5),
    { name: 'source', type: 'string', default: 'archive' },
  ],
};

function sample(i: number): unknown {
  return {
    header: { time: 1414954800000 + i * 37, server: `app-${i % 40}.example.com`, service: 'profile-frontend' },
    memberId: i % 5 === 0 ? null : { long: 1_000_000 + i * 7919 },
    pageKey: `profile_view_${i % 100}`,
    url: `https://www.example.com/in/member-${i}/details?trk=nav_responsive_tab_profile&session=${i * 31}`,
    durationMs: (i * 13) % 60_000,
    score: ((i * 7) % 1000) / 8,
    kind: ['VIEW', 'CLICK', 'SCROLL'][i % 3],
    referrer: i % 2 === 0 ? null : { string: `https://search.example.com/?q=term+${i}&lang=en` },
    isMobile: i % 3 === 0,
    params: { locale: 'en_US', variant: `B${i % 4}`, request: `f81d4fae-7dec-11d0-a765-${100000000000 + i}` },
  };
}

const type = avro.Type.forSchema(SCHEMA as never, { wrapUnions: true });
const encoded = Array.from({ length: RECORDS }, (_, i) => type.toBuffer(sample(i)));
const block = Buffer.concat(encoded);
const writer = parseSchema(SCHEMA);

function measure(name: string, run: () => number): void {
  for (let i = 0; i < 3; i++) run();
  let best = Infinity;
  let bytes = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const start = process.cpuUsage();
    bytes = run();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) * 1000);
  }
  const each = best / RECORDS;
  const rate = Math.round(1e9 / each).toLocaleString('en');
  console.log(
    `${name.padEnd(44)} ${(each / 1000).toFixed(2)} µs  ${rate.padStart(10)}/s  ${Math.round(bytes / RECORDS)} bytes out`,
  );
}

function transcode(name: string, reader: object, encoding: RecordEncoding): void {
  transcodeBy(name, compileTranscoder(writer, parseSchema(reader), encoding));
}

/** What the kernel leaves to JavaScript, if that were all. */
function bySteps(name: string, reader: object): void {
  const step = new JsonSteps(true).compile(resolve(writer, parseSchema(reader)), 'the datum');
  const from = new Cursor();
  transcodeBy(name, {
    transcode: (data, position, end, out) => {
      from.start(data, position, end, out.length);
      step(from, out);
      return from.position;
    },
  });
}

function transcodeBy(name: string, transcoder: Transcoder): void {
  const out = new ByteWriter(1 << 20);
  measure(name, () => {
    let bytes = 0;
    for (let position = 0; position < block.length;) {
      out.length = 0;
      position = transcoder.transcode(block, position, block.length, out);
      bytes += out.length;
    }
    return bytes;
  });
}

console.log(`node ${process.version}, ${RECORDS} records of ${Math.round(block.length / RECORDS)} bytes`);
for (const encoding of ['avro-json', 'json', 'avro-binary'] as const) {
  transcode(`${encoding}, same schema`, SCHEMA, encoding);
  transcode(`${encoding}, evolved schema`, EVOLVED, encoding);
}
bySteps('avro-json, same schema, by steps', SCHEMA);
bySteps('avro-json, evolved schema, by steps', EVOLVED);
const skip = compileSkip(writer);
measure('skip', () => {
  let position = 0;
  while (position < block.length) position = skip(block, position, block.length);
  return position;
});
const time = compileInt64Reader(writer, ['header', 'time']);
const raw = { hi: 0, lo: 0 };
measure('skip and time', () => {
  let position = 0;
  while (position < block.length) {
    time.read(block, position, block.length, raw);
    position = skip(block, position, block.length);
  }
  return position;
});
const copied = new ByteWriter(1 << 20);
measure('original: time, skip and copy', () => {
  let position = 0;
  while (position < block.length) {
    time.read(block, position, block.length, raw);
    const next = skip(block, position, block.length);
    copied.length = 0;
    copied.append(block.subarray(position, next));
    position = next;
  }
  return position;
});
measure('avsc: fromBuffer, toString', () => {
  let bytes = 0;
  for (const buffer of encoded) bytes += type.toString(type.fromBuffer(buffer) as never).length;
  return bytes;
});
measure('avsc: fromBuffer, toBuffer', () => {
  let bytes = 0;
  for (const buffer of encoded) bytes += type.toBuffer(type.fromBuffer(buffer) as never).length;
  return bytes;
});
