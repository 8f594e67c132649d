// What a worker examines when it has started: one server that refuses to answer hides nothing that is wrong with the others.
import { expect, test } from 'vitest';
import { loadWorkerConfig } from '../../workers/config.ts';
import { lookAround } from '../../workers/look-around.ts';
import type { ConnectedTemporal } from '../../workers/temporal-connection.ts';
import { deadAddress } from '../connections/hdfs/fake-server.ts';

test('a worker tells what is wrong with its other connections where Temporal refuses', async () => {
  const refused = Object.assign(new Error('refused'), { code: 14, details: 'it is away', metadata: {} });
  const connection = { workflowService: { getSystemInfo: () => Promise.reject(refused) } };
  const temporal = { connection, address: 'temporal:7233', namespace: 'default' } as unknown as ConnectedTemporal;
  const url = await deadAddress();
  const kafka = new URL(await deadAddress()).host;
  const config = loadWorkerConfig({ REWIND_HDFS_URL: url, REWIND_KAFKA_BROKERS: kafka });
  const warned: string[] = [];
  const log = { info: () => undefined, warn: (line: string) => void warned.push(line) };
  await lookAround(config, temporal, log, new AbortController().signal);
  expect(warned).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^The connection temporal\.default, fault \(reached\): .*it is away/),
      expect.stringMatching(/^The connection hdfs\.\w+, fault \(reached\)/),
    ]),
  );
}, 60_000);
