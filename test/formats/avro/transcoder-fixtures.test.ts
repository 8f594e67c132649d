/**
 * Proves that every record of the Avro fixtures, which Java has written and resolved, comes out as Java's JsonEncoder
 * and BinaryEncoder wrote it, and that its raw time is found. Floats and doubles may be spelled otherwise than
 * Java 17 spells them, but must be the same number.
 */
import { describe, expect, it } from 'vitest';
import { compileInt64Reader } from '../../../formats/avro/int64-reader.ts';
import { parseSchema } from '../../../formats/avro/schema/parse-schema.ts';
import { compileTranscoder } from '../../../formats/avro/transcoder.ts';
import { ByteWriter } from '../../../formats/byte-writer.ts';
import type { Int64 } from '../../../formats/int64.ts';
import { int64ToBigInt } from '../../../formats/int64.ts';
import { fixtureLines, fixtureText, readContainerFile } from './support/fixture-records.ts';
import { respelled } from './support/java-json.ts';

const TOPICS = [
  'ad_impressions',
  'codecs',
  'everything',
  'legacy07',
  'member_updates',
  'odd_names',
  'page_views',
  'search_clicks',
  'search_clicks.projection',
  'sensor_readings',
  'web_orders',
  'connect.invoices',
  'connect.shipments',
];

const HEADER_TIME = new Set(['page_views', 'legacy07']);

interface Read {
  time: string;
  json: string;
  hex: string;
}

async function readFixtureFile(path: string, topic: string): Promise<Read[]> {
  const { writer, records } = await readContainerFile(path);
  const reader = parseSchema(fixtureText(`schemas/${topic}.avsc`));
  const json = compileTranscoder(writer, reader, 'avro-json');
  const binary = compileTranscoder(writer, reader, 'avro-binary');
  const time = compileInt64Reader(writer, HEADER_TIME.has(topic) ? ['header', 'time'] : ['time']);
  const out = new ByteWriter(16);
  const raw: Int64 = { hi: 0, lo: 0 };
  return records.map(({ data, position, end }) => {
    out.length = 0;
    expect(json.transcode(data, position, end, out)).toBe(end);
    const text = out.view().toString('utf8');
    out.length = 0;
    expect(binary.transcode(data, position, end, out)).toBe(end);
    expect(time.read(data, position, end, raw)).toBe(true);
    return { time: String(int64ToBigInt(raw.hi, raw.lo)), json: text, hex: out.view().toString('hex') };
  });
}

describe('records of the fixtures', () => {
  it.each(TOPICS)('%s come out as Java wrote them', async (topic) => {
    const lines = fixtureLines(`expected/${topic}.jsonl`);
    const hex = fixtureLines(`expected/${topic}.bin.hex`);
    const index = fixtureLines(`expected/${topic}.index.tsv`).map((line) => line.split('\t'));
    expect(index).toHaveLength(lines.length);
    const files = new Map<string, Read[]>();
    for (const [at, [time, path, ordinal]] of index.entries()) {
      const file = files.get(path!) ?? (await readFixtureFile(path!, topic));
      files.set(path!, file);
      const found = file[Number(ordinal)]!;
      expect(found.time).toBe(time);
      if (found.json !== lines[at]) expect(found.json).toBe(respelled(lines[at]!, found.json));
      expect(found.hex).toBe(hex[at]);
    }
  });
});
