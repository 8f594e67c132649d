// Nanoseconds a record for the sort of a buffer, for writing it as blocks, and for merging sorted files that are in
// memory: all of it but the network. CPU time beside elapsed time, for a machine that does other things as well.
// Usage: node bench/sort-merge.js [records]
import { bytesSource } from '../formats/byte-source.ts';
import { mergeSections } from '../formats/sorted/merge/merge-into-file.ts';
import { MergeStream } from '../formats/sorted/merge/merge-stream.ts';
import type { MergeSection } from '../formats/sorted/merge/mergeable-section.ts';
import { SortBuffer } from '../formats/sorted/sort/sort-buffer.ts';
import { SortedFilePool } from '../formats/sorted/merge/sorted-file-pool.ts';
import { SortedFileWriter } from '../formats/sorted/file/sorted-file-writer.ts';

const BODY = Buffer.alloc(300, 'body of a record ');
const FINGERPRINT = 'bench';
const START = 1_700_000_000_000;

/** An hour of records whose order is disturbed by up to `jitter` milliseconds; undefined: no order at all. */
function fill(buffer: SortBuffer, records: number, jitter: number | undefined): void {
  buffer.startSplit();
  const hour = 3_600_000;
  for (let sequence = 0; sequence < records; sequence++) {
    const at = jitter === undefined ? Math.random() * hour : (sequence / records) * hour + Math.random() * jitter;
    const time = START + Math.floor(at);
    buffer.begin().append(BODY);
    buffer.commit(Math.floor(time / 2 ** 32), time >>> 0, sequence, 0, 0);
  }
}

/** Starts the clocks; the function that it returns stops and reports them. */
function clock(name: string, records: number): () => void {
  const start = process.hrtime.bigint();
  const cpuStart = process.cpuUsage();
  return () => {
    const elapsed = Number(process.hrtime.bigint() - start) / records;
    const { user, system } = process.cpuUsage(cpuStart);
    const cpu = ((user + system) * 1000) / records;
    console.log(
      `${name.padEnd(50)} ${cpu.toFixed(1).padStart(7)} ns of CPU ${elapsed.toFixed(1).padStart(7)} ns elapsed`,
    );
  };
}

function timed(name: string, records: number, run: () => void): void {
  const stop = clock(name, records);
  run();
  stop();
}

function writeFile(buffer: SortBuffer, split: number): { bytes: Uint8Array; writer: SortedFileWriter } {
  const writer = new SortedFileWriter({ fingerprint: FINGERPRINT, firstSplit: split, lastSplit: split });
  writer.addFile({ split, path: `/in/${split}`, sourcePartition: 0 });
  const bytes = Buffer.concat([writer.start(), ...writer.section(buffer), writer.finish()]);
  return { bytes, writer };
}

/** Sections that all cover the same hour (`interleaved`), or one hour each. */
function sectionsOf(buffer: SortBuffer, ways: number, records: number): MergeSection[] {
  return Array.from({ length: ways }, (_, split) => {
    fill(buffer, Math.floor(records / ways), 1000);
    const { bytes, writer } = writeFile(buffer, split);
    const pool = new SortedFilePool({ fingerprint: FINGERPRINT, openSource: () => bytesSource(bytes) });
    return pool.sections({ path: `/out/${split}`, ...writer.summary });
  }).flat();
}

async function merge(name: string, sections: MergeSection[], records: number): Promise<void> {
  const stream = new MergeStream(sections, { maxOpen: 64 });
  const stop = clock(name, records);
  let bodies = 0;
  for (;;) {
    while (stream.next()) bodies += stream.entry.bodyEnd - stream.entry.bodyStart;
    if (!stream.needsData) break;
    await stream.fill();
  }
  if (bodies !== records * BODY.length) throw new Error(`merged ${bodies} bytes of ${records * BODY.length}`);
  stop();
}

async function main(): Promise<void> {
  const records = Number(process.argv[2] ?? 640_000);
  const buffer = new SortBuffer({ capacity: 512 * 1024 * 1024 });
  for (let round = 0; round < 3; round++) {
    for (const [order, jitter] of [
      ['in order', 0],
      ['1 s of disorder', 1000],
      ['no order', undefined],
    ] as const) {
      fill(buffer, records, jitter);
      timed(`sort of ${records} times, ${order}`, records, () => buffer.sort());
      timed(`sort and blocks, ${order}`, records, () => {
        const writer = new SortedFileWriter({ fingerprint: FINGERPRINT, firstSplit: 0, lastSplit: 0 });
        writer.addFile({ split: 0, path: '/in', sourcePartition: 0 });
        writer.start();
        for (const block of writer.section(buffer)) void block;
      });
    }
    for (const ways of [1, 8, 64]) {
      const sections = sectionsOf(buffer, ways, records);
      const each = Math.floor(records / ways) * ways;
      await merge(`merge of ${ways} sections of one hour`, sections, each);
      if (ways !== 64) continue;
      const stop = clock('merge pass: 64 sections to one file', each);
      const writer = new SortedFileWriter({ fingerprint: FINGERPRINT, firstSplit: 0, lastSplit: 63 });
      for await (const chunk of mergeSections(sections, writer, { maxOpen: 64 })) void chunk;
      stop();
    }
  }
}

await main();
