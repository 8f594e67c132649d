// Loads a topic into PostgreSQL, each record once, however often a range runs: the id of the range is written in the
// transaction of its rows, and whoever finds it there has nothing to do. PGHOST and the like say where the database is.
//
//   create table loaded_ranges (id text primary key, records bigint not null);
//   create table orders (id text not null, amount numeric not null, source_offset bigint not null);
import pg from 'pg';

/**
 * A worker that sleeps, or whose network is gone, holds its transaction, and who runs the range again waits for it: so long
 * at most. Longer than anything may take between two batches.
 */
const MOST_IDLE_MS = Number(process.env.LOAD_MOST_IDLE_MS ?? 120_000);

/** @type {Record<string, import('kafka-rewind').RangeFunction>} */
export const range = {
  loadOrders: async ({ id }, records, { signal }) => {
    const client = new pg.Client({ idle_in_transaction_session_timeout: MOST_IDLE_MS });
    client.on('error', () => {}); // the next query says so
    await client.connect();
    try {
      await client.query('begin');
      // A second attempt that runs beside this one waits here, and finds it done or undone.
      const { rowCount } = await client.query(
        'insert into loaded_ranges (id, records) values ($1, 0) on conflict (id) do nothing',
        [id],
      );
      const isNew = rowCount === 1;
      let count = 0;
      for await (const batch of records) {
        signal.throwIfAborted();
        count += batch.length;
        if (!isNew) continue; // read to the end all the same: its summary counts
        await client.query(
          'insert into orders (id, amount, source_offset) select * from unnest($1::text[], $2::numeric[], $3::bigint[])',
          [
            batch.map(({ decoded }) => decoded.id),
            batch.map(({ decoded }) => decoded.amount),
            batch.map(({ offset }) => String(offset)),
          ],
        );
      }
      if (isNew) await client.query('update loaded_ranges set records = $2 where id = $1', [id, count]);
      await client.query('commit');
      return { count };
    } finally {
      await client.end(); // what was not committed is undone
    }
  },
};

/** @type {Record<string, import('kafka-rewind').FinishFunction>} */
export const finish = {
  countOrders: async (summaries) => {
    let records = 0;
    for await (const { summary } of summaries) records += summary.count;
    return { records };
  },
};
