// Joins two topics: each range writes what it has read to a file that is named after its id, and `finish` brings together
// what has the same key. JOIN_FOLDER is a folder that all workers share.
import { createReadStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const folder = process.env.JOIN_FOLDER ?? '/tmp/join';

/** Written whole under a name of its own, then renamed: another attempt writes the same bytes. */
const writeOnce = async (name, text) => {
  await mkdir(folder, { recursive: true });
  const own = join(folder, `.${name}.${process.pid}.${Math.random().toString(36).slice(2)}`);
  await writeFile(own, text);
  await rename(own, join(folder, name));
};

/** @type {Record<string, import('kafka-rewind').RangeFunction>} */
export const range = {
  byKey: async ({ id, topic }, records) => {
    const lines = [];
    for await (const batch of records)
      for (const { key, decoded } of batch) lines.push(JSON.stringify([String(key), decoded]));
    const file = `${id}.jsonl`;
    await writeOnce(file, lines.map((line) => `${line}\n`).join(''));
    return { file, side: topic, records: lines.length };
  },
};

/** @type {Record<string, import('kafka-rewind').FinishFunction>} */
export const finish = {
  /** The first input is the table that is looked up: it must fit into memory. */
  joinSides: async (summaries, { job, heartbeat }) => {
    const table = new Map();
    let first;
    const joined = [];
    let unmatched = 0;
    // In the order of the inputs: the table is whole when the second topic begins.
    for await (const { summary } of summaries) {
      first ??= summary.side;
      for await (const line of createInterface({ input: createReadStream(join(folder, summary.file)) })) {
        const [key, value] = JSON.parse(line);
        if (summary.side === first) table.set(key, value);
        else if (table.has(key)) joined.push(JSON.stringify({ ...table.get(key), ...value }));
        else unmatched += 1;
      }
      heartbeat();
    }
    const file = `joined-${job.replace(/[^\w.-]+/g, '-')}.jsonl`;
    await writeOnce(file, joined.map((line) => `${line}\n`).join(''));
    return { file, joined: joined.length, unmatched };
  },
};
