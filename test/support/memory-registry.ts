import { createHash } from 'node:crypto';
import { ConnectionError } from '../../connections/connection-error.ts';
import type {
  RegisteredSchema,
  SchemaReference,
  SchemaRegistry,
  SubjectVersion,
} from '../../connections/registry/schema-registry.ts';

/** A registry of Confluent's kind in memory: one number and one GUID a schema, whatever subjects it is in. */
export class MemoryRegistry implements SchemaRegistry {
  readonly #schemas: RegisteredSchema[] = [];
  readonly #subjects = new Map<string, number[]>();
  /** While true every call fails as one to a server that is away. */
  away = false;
  /** Questions so far. */
  asked = 0;

  /** Registers a schema as the newest version of a subject. @returns its id */
  register(subject: string, schema: string, references: readonly SchemaReference[] = [], type = 'AVRO'): number {
    let found = this.#schemas.find((one) => one.schema === schema && one.type === type);
    if (found === undefined) this.#schemas.push((found = { id: this.#schemas.length + 1, type, schema, references }));
    const versions = this.#subjects.get(subject) ?? [];
    if (!versions.includes(found.id)) this.#subjects.set(subject, [...versions, found.id]);
    return found.id;
  }

  async schemaById(id: number): Promise<RegisteredSchema | undefined> {
    this.#ask();
    return this.#schemas.find((schema) => schema.id === id);
  }

  async schemaByGuid(guid: string): Promise<RegisteredSchema | undefined> {
    this.#ask();
    return this.#schemas.find((schema) => guidOf(schema) === guid);
  }

  async latest(subject: string): Promise<SubjectVersion | undefined> {
    return this.version(subject, this.#subjects.get(subject)?.length ?? 0);
  }

  async version(subject: string, version: number): Promise<SubjectVersion | undefined> {
    this.#ask();
    const id = this.#subjects.get(subject)?.[version - 1];
    const schema = this.#schemas.find((one) => one.id === id);
    return schema && { ...schema, subject, version };
  }

  async versions(subject: string): Promise<number[]> {
    this.#ask();
    return (this.#subjects.get(subject) ?? []).map((_, place) => place + 1);
  }

  async subjects(): Promise<string[]> {
    this.#ask();
    return [...this.#subjects.keys()].sort();
  }

  describe(): string {
    return 'schema registry in memory';
  }

  async close(): Promise<void> {}

  #ask(): void {
    this.asked++;
    if (this.away) throw new ConnectionError('unavailable', 'the registry in memory is away; try again');
  }
}

/** The GUID that stands for a schema in headers. */
export function guidOf({ schema, type }: Pick<RegisteredSchema, 'schema' | 'type'>): string {
  const hex = createHash('md5').update(`${type} ${schema}`).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
