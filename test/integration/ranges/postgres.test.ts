// The example that loads a topic into PostgreSQL, as it stands in examples/: workers are killed in the middle, one sleeps with
// its transaction open, and every record is there once.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { startOwnPostgres, type OwnPostgres } from '../../support/own-postgres.ts';
import { RangesHarness } from '../../support/ranges-harness.ts';
import { ReplayHarness } from '../../support/replay-harness.ts';

/** What is used here of a package without types. */
interface PgClient {
  connect(): Promise<void>;
  query<Row>(sql: string): Promise<{ rows: Row[] }>;
  end(): Promise<void>;
}
const { Client } = createRequire(import.meta.url)('pg') as { Client: new (options: object) => PgClient };

const EXAMPLE = fileURLToPath(new URL('../../../examples/load-postgres.mjs', import.meta.url));
const RECORDS = 3000;

let base: ReplayHarness;
let ranges: RangesHarness;
let postgres: OwnPostgres;
let client: PgClient;

beforeAll(async () => {
  base = await ReplayHarness.open(inject('stack'));
  ranges = new RangesHarness(base);
  postgres = await startOwnPostgres();
  const { PGHOST: host, PGPORT: port, PGUSER: user, PGDATABASE: database } = postgres.environment;
  client = new Client({ host, port: Number(port), user, database });
  await client.connect();
  await client.query('create table loaded_ranges (id text primary key, records bigint not null)');
  await client.query('create table orders (id text not null, amount numeric not null, source_offset bigint not null)');
});
afterAll(async () => {
  await client?.end();
  await postgres?.stop();
  ranges.close();
  await base.close();
});

it('loads a topic exactly once, though its workers are killed in the middle, and one sleeps beyond its end', async () => {
  const topic = ranges.topics.topic('load');
  const group = `load-${topic}`;
  await ranges.topics.createTopic(topic, 2);
  await ranges.topics.produce(
    topic,
    Array.from({ length: RECORDS }, (_, n) => ({
      partition: n % 2,
      value: JSON.stringify({ id: `o${n}`, amount: '1.25' }),
    })),
  );
  const environment = {
    REWIND_FUNCTIONS: EXAMPLE,
    REWIND_HEARTBEAT_TIMEOUT_MS: '1500',
    LOAD_MOST_IDLE_MS: '3000',
    ...postgres.environment,
  };
  let worker = await base.startWorker(environment);
  const inputs = [{ topic, group, function: 'loadOrders', decode: 'json' as const }];
  const handle = await ranges.start(
    ranges.job({ inputs, rangeMiB: 0.01, concurrency: 2, rate: { records: 600 }, finish: 'countOrders' }),
  );
  const loaded = async (): Promise<number> =>
    Number((await client.query<{ count: string }>('select count(*) from loaded_ranges')).rows[0]?.count);
  for (const done of [1, 3]) {
    await expect.poll(loaded, { timeout: 120_000 }).toBeGreaterThanOrEqual(done);
    await worker.end('SIGKILL');
    expect(await offsetsOf(group, topic)).toEqual({});
    worker = await base.startWorker(environment);
  }
  // Who runs its range again would wait for it.
  const open = async (): Promise<number> =>
    Number(
      (
        await client.query<{ count: string }>(
          "select count(*) from pg_stat_activity where state = 'idle in transaction' and query like 'insert into orders%'",
        )
      ).rows[0]?.count,
    );
  const asleep = worker;
  await expect.poll(open, { timeout: 60_000, interval: 20 }).toBeGreaterThan(0);
  asleep.signal('SIGSTOP');
  worker = await base.startWorker(environment);
  expect(await handle.result()).toMatchObject({ records: String(RECORDS), finished: { records: RECORDS } });
  const { rows } = await client.query<Record<string, string>>(
    'select count(*) as all, count(distinct id) as once, sum(amount) as amount from orders',
  );
  expect(rows[0]).toEqual({ all: String(RECORDS), once: String(RECORDS), amount: (RECORDS * 1.25).toFixed(2) });
  expect(await offsetsOf(group, topic)).toEqual({ 0: '1500', 1: '1500' });
  asleep.signal('SIGCONT');
  await asleep.end('SIGTERM');
  expect(await loaded()).toBe(Number(((await handle.result()) as { ranges: number }).ranges));
});

const offsetsOf = (group: string, topic: string): Promise<Record<number, string>> => ranges.offsets(group, topic);
