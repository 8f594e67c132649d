// A quota in which there is no room for a run is told by the plan of an archive, as HDFS counts it: a block at a time.
import { expect, it } from 'vitest';
import { noRoom, noRoomFor } from '../../../../activities/archive/plan/no-room.ts';

const BLOCK = 128 * 1024 * 1024;
const hdfs = { replication: 3, blockBytes: BLOCK };

it('a quota of bytes must leave a block of each copy', () => {
  const quota = { path: '/camus', bytes: 5 * BLOCK, used: 2 * BLOCK };
  expect(noRoom({ ...hdfs, quota }, 1)).toEqual([]);
  expect(noRoom({ ...hdfs, quota: { ...quota, used: 2 * BLOCK + 1 } }, 1)).toEqual([
    `the quota on /camus leaves ${3 * BLOCK - 1} of ${5 * BLOCK} bytes, and a file takes ${3 * BLOCK} while it is written; raise it: hdfs dfsadmin -setSpaceQuota BYTES /camus`,
  ]);
  expect(noRoom({ quota: { ...quota, used: 9 * BLOCK } }, 1)[0]).toContain(
    `leaves 0 of ${5 * BLOCK} bytes, and a file takes a whole block of each copy while`,
  );
});

it('a quota of names must leave what a run makes at least', () => {
  const nameQuota = { path: '/camus', names: 10, used: 5 };
  expect(noRoom({ ...hdfs, nameQuota }, 3)).toEqual([]);
  expect(noRoom({ ...hdfs, nameQuota: { ...nameQuota, used: 6 } }, 3)).toEqual([
    'the quota on /camus lets it have 10 files and folders, it has 6, and a run makes more than 5; raise it: hdfs dfsadmin -setQuota NUMBER /camus',
  ]);
  expect(noRoom({}, 3)).toEqual([]);
});

it('quotas of EXEC count beside those of DEST, and one above both is told once', () => {
  const full = { path: '/camus/exec', bytes: BLOCK, used: 0 };
  expect(noRoomFor(hdfs, { ...hdfs, quota: full }, 3)).toEqual([expect.stringContaining('on /camus/exec leaves')]);
  const names = { path: '/camus', names: 10, used: 10 };
  const both = { ...hdfs, quota: { ...full, path: '/camus' }, nameQuota: names };
  expect(noRoomFor(both, both, 3)).toEqual(noRoom(both, 3));
  expect(noRoomFor({ ...hdfs, nameQuota: { ...names, used: 0 } }, both, 3)).toHaveLength(1);
});
