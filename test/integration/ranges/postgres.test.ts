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

/**
 * Holds the loads in their middle, for as long as is needed: where so many ranges are loaded, whoever writes the next
 * rows waits for the lock that the test has, with its transaction open.
 */
const GATE = `
create table gate (ranges int not null);
insert into gate values (1);
create function wait_at_gate() returns trigger language plpgsql as $$
begin
  if (select count(*) from loaded_ranges where records > 0) >= (select ranges from gate) then
    perform pg_advisory_xact_lock_shared(1);
  end if;
  return null;
end $$;
create trigger waits_at_gate after insert on orders for each statement execute function wait_at_gate();
select pg_advisory_lock(1);`;

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
  await client.query(GATE);
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
    LOAD_MOST_IDLE_MS: '5000',
    ...postgres.environment,
  };
  let worker = await base.startWorker(environment);
  const inputs = [{ topic, group, function: 'loadOrders', decode: 'json' as const }];
  const handle = await ranges.start(
    ranges.job({ inputs, rangeMiB: 0.005, concurrency: 2, retry: { attempts: 20 }, finish: 'countOrders' }),
  );
  const count = async (from: string): Promise<number> =>
    Number((await client.query<{ count: string }>(`select count(*) from ${from}`)).rows[0]?.count);
  const loaded = (): Promise<number> => count('loaded_ranges');
  const open = (): Promise<number> =>
    count("pg_stat_activity where wait_event_type = 'Lock' and wait_event = 'advisory'");
  const soon = { timeout: 120_000, interval: 100 };
  for (const next of [3, 6]) {
    await expect.poll(open, soon).toBeGreaterThan(0);
    expect(await loaded()).toBeGreaterThanOrEqual(next === 3 ? 1 : 3);
    await worker.end('SIGKILL');
    expect(await offsetsOf(group, topic)).toEqual({});
    await client.query(`update gate set ranges = ${next}`);
    // What the dead have open ends when they are let go.
    await client.query('select pg_advisory_unlock(1)');
    await client.query('select pg_advisory_lock(1)');
    worker = await base.startWorker(environment);
  }
  // Who runs its ranges again waits for it.
  const asleep = worker;
  await expect.poll(open, soon).toBeGreaterThan(0);
  asleep.signal('SIGSTOP');
  await client.query(`update gate set ranges = ${RECORDS}`);
  await client.query('select pg_advisory_unlock(1)');
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
