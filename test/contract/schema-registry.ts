// The contract of SchemaRegistry: run on the registry in memory, on both REST adapters against servers of their APIs, and
// on a real registry (test/integration/registry).
import { beforeAll, describe, expect, it } from 'vitest';
import type { SchemaReference, SchemaRegistry } from '../../connections/registry/schema-registry.ts';

export interface RegistryUnderTest {
  registry: SchemaRegistry;
  /** Registers a schema as the newest version of a subject; gives its id. */
  register(subject: string, schema: string, references?: readonly SchemaReference[]): Promise<number>;
  /** GUID of a schema that was registered; left out of registries that have none. */
  guidOf?: (schema: string) => string;
}

const schema = (name: string, ...fields: string[]) =>
  JSON.stringify({ type: 'record', name, fields: fields.map((field) => ({ name: field, type: 'string' })) });

const sameJson = (text: string | undefined) => (text === undefined ? undefined : (JSON.parse(text) as unknown));

const UNKNOWN_GUID = '00000000-0000-4000-8000-000000000000';

/**
 * @param traits `perSubject`: numbers count for each subject; `references`: schemas may refer to others; `guids`: schemas
 * have GUIDs (Confluent Platform 8)
 */
export function registryContract(
  open: () => Promise<RegistryUnderTest>,
  traits: { perSubject: boolean; references: boolean; guids: boolean },
): void {
  describe('a schema registry', () => {
    const subject = `orders.eu/${Date.now()} ü-value`;
    const schemas = [schema('Order', 'a'), schema('Order', 'a', 'b'), schema('Order', 'a', 'b', 'c')];
    const ids: number[] = [];
    let tested: RegistryUnderTest;

    beforeAll(async () => {
      tested = await open();
      for (const one of schemas) ids.push(await tested.register(subject, one));
    });

    it('gives each schema by its id', async () => {
      for (const [i, id] of ids.entries()) {
        const found = await tested.registry.schemaById(id, subject);
        expect(found).toMatchObject({ id, type: 'AVRO', references: [] });
        expect(sameJson(found?.schema)).toEqual(sameJson(schemas[i]));
      }
    });

    it('knows the versions of a subject, and the newest', async () => {
      const versions = await tested.registry.versions(subject);
      expect(versions).toHaveLength(3);
      expect(versions).toEqual([...versions].sort((a, b) => a - b));
      const latest = await tested.registry.latest(subject);
      expect(latest).toMatchObject({ subject, id: ids[2], version: versions[2] });
      expect(sameJson(latest?.schema)).toEqual(sameJson(schemas[2]));
      const first = await tested.registry.version(subject, versions[0]!);
      expect(first).toMatchObject({ subject, id: ids[0], version: versions[0] });
    });

    it('lists its subjects', async () => {
      const subjects = await tested.registry.subjects();
      expect(subjects).toContain(subject);
      expect(subjects).toEqual([...subjects].sort());
    });

    it('answers with nothing for what it does not know', async () => {
      const { registry } = tested;
      expect(await registry.schemaById(2_000_000_000, subject)).toBeUndefined();
      expect(await registry.latest('no-such-subject')).toBeUndefined();
      expect(await registry.version(subject, 1_000_000)).toBeUndefined();
      expect(await registry.versions('no-such-subject')).toEqual([]);
    });

    if (!traits.perSubject)
      it('has one id for a schema, whatever subject it is in', async () => {
        const other = `${subject} 2`;
        const id = await tested.register(other, schemas[1]!);
        expect(id).toBe(ids[1]);
        expect(await tested.registry.latest(other)).toMatchObject({ subject: other, id });
      });

    if (traits.references)
      it('tells what a schema refers to', async () => {
        const part = JSON.stringify({ type: 'enum', name: 'Color', namespace: 'x', symbols: ['RED'] });
        const whole = JSON.stringify({ type: 'record', name: 'Car', fields: [{ name: 'color', type: 'x.Color' }] });
        const subjectOfPart = `color ${Date.now()}`;
        await tested.register(subjectOfPart, part);
        const references = [{ name: 'x.Color', subject: subjectOfPart, version: 1 }];
        const id = await tested.register(`car ${Date.now()}`, whole, references);
        expect((await tested.registry.schemaById(id, ''))?.references).toEqual(references);
        expect(sameJson((await tested.registry.version(subjectOfPart, 1))?.schema)).toEqual(sameJson(part));
      });

    if (traits.guids)
      it('gives each schema by its GUID, and nothing for one that it does not know', async () => {
        for (const [i, id] of ids.entries()) {
          const found = await tested.registry.schemaByGuid(tested.guidOf!(schemas[i]!));
          expect(found).toMatchObject({ id, type: 'AVRO', references: [] });
          expect(sameJson(found?.schema)).toEqual(sameJson(schemas[i]));
        }
        expect(await tested.registry.schemaByGuid(UNKNOWN_GUID)).toBeUndefined();
      });
    else
      it('says that it has no GUIDs, which is another thing than not to know one', async () => {
        await expect(tested.registry.schemaByGuid(UNKNOWN_GUID)).rejects.toMatchObject({
          name: 'ConnectionError',
          fault: 'refused',
          message: expect.stringMatching(`GUID ${UNKNOWN_GUID} at .*(new enough|has no GUIDs)`) as string,
        });
      });

    it('says where it is', () => {
      expect(tested.registry.describe()).toMatch(/^schema re/);
    });
  });
}
