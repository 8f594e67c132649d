// Reader's schemas from files: each topic's own where the path names it, and none of them ends the run of the others.
import { expect, it } from 'vitest';
import { schemasInFiles } from '../../../activities/log/schemas/schemas-in-files.ts';
import { MemoryFileStore } from '../../support/memory-file-store.ts';

const { signal } = new AbortController();

it('takes the file of each topic, and tells of those that are missing, damaged or too large', async () => {
  const store = new MemoryFileStore();
  await store.write('/s/a.avsc', [Buffer.from('"string"')]);
  await store.write('/s/b.avsc', [Buffer.from('{"type":"record"')]);
  await store.write('/s/c.avsc', [Buffer.alloc(1024 * 1024 + 1, ' ')]);
  const { schemas, problems } = await schemasInFiles(store, '/s/{topic}.avsc', ['a', 'b', 'c', 'd'], signal);
  expect(schemas).toEqual([{ kind: 'schema', topic: 'a', subject: '/s/a.avsc', id: -1, json: '"string"' }]);
  expect([...problems.keys()]).toEqual(['b', 'c', 'd']);
  expect(problems.get('c')).toContain('it has 1048577 bytes');
  expect(problems.get('d')).toContain("/s/d.avsc can't be used: it is not there");
});
