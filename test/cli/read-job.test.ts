// A job file as editors write it: with a byte order mark, or in UTF-16.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readJob } from '../../cli/read-job.ts';

async function jobFile(bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rewind-job-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'job.json');
  await writeFile(path, bytes);
  return path;
}

it('reads a job behind a byte order mark, and says where it is no JSON all the same', async () => {
  expect(await readJob(await jobFile(Buffer.from('\ufeff{"topic":"events"}')))).toEqual({ topic: 'events' });
  const broken = await jobFile(Buffer.from('\ufeff{"topic" "events"}'));
  await expect(readJob(broken)).rejects.toThrow(`${broken} is no JSON at line 1, column 10: colon expected.`);
});

it('says that a job is in UTF-16', async () => {
  const path = await jobFile(Buffer.from('\ufeff{"topic":"events"}', 'utf16le'));
  await expect(readJob(path)).rejects.toThrow(`${path} is in UTF-16 (little endian), expected UTF-8.`);
});
