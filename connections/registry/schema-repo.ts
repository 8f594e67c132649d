import { ConnectionError } from '../connection-error.ts';
import type { RegistryConfig } from './config.ts';
import { RegistryHttp } from './http.ts';
import type { RegisteredSchema, SchemaRegistry, SubjectVersion } from './schema-registry.ts';

/**
 * The schema repository of AVRO-1124 (schema-repo), which Camus's AvroRestSchemaRegistry asks: subjects are topics, ids
 * are numbers of a subject, in the order of registration.
 */
export class SchemaRepoRegistry implements SchemaRegistry {
  readonly #http: RegistryHttp;
  readonly #urls: readonly string[];

  constructor(config: RegistryConfig) {
    this.#http = new RegistryHttp(config);
    this.#urls = config.urls;
  }

  async schemaById(id: number, subject: string, signal?: AbortSignal): Promise<RegisteredSchema | undefined> {
    const doing = `asking for schema ${id} of ${subject}`;
    const schema = await this.#ask(`/${encodeURIComponent(subject)}/id/${id}`, doing, signal);
    return schema === undefined ? undefined : registered(id, schema);
  }

  async schemaByGuid(guid: string): Promise<RegisteredSchema | undefined> {
    throw new ConnectionError(
      'refused',
      `asking for the schema with GUID ${guid} at ${this.#urls[0]} failed: a schema-repo has no GUIDs; check the kind of the registry`,
      { guid },
    );
  }

  async latest(subject: string, signal?: AbortSignal): Promise<SubjectVersion | undefined> {
    const doing = `asking for the latest schema of ${subject}`;
    const entry = await this.#ask(`/${encodeURIComponent(subject)}/latest`, doing, signal);
    if (entry === undefined || entry === '') return undefined;
    const [id, schema] = this.#entry(entry, doing);
    return { ...registered(id, schema), subject, version: id };
  }

  async version(subject: string, version: number, signal?: AbortSignal): Promise<SubjectVersion | undefined> {
    const found = await this.schemaById(version, subject, signal);
    return found && { ...found, subject, version };
  }

  async versions(subject: string, signal?: AbortSignal): Promise<number[]> {
    const doing = `asking for the schemas of ${subject}`;
    const text = await this.#ask(`/${encodeURIComponent(subject)}/all`, doing, signal);
    // A schema may have several lines; only the first begins with its id and a tab.
    return [...(text ?? '').matchAll(/^(\d+)\t/gm)].map(([, id]) => Number(id)).sort((a, b) => a - b);
  }

  async subjects(signal?: AbortSignal): Promise<string[]> {
    const text = (await this.#ask('/', 'asking for the subjects', signal)) ?? '';
    return text
      .split(/\r?\n/)
      .filter((subject) => subject !== '')
      .sort();
  }

  describe(): string {
    return `schema repository ${this.#urls.join(',')}`;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #ask(target: string, doing: string, signal?: AbortSignal): Promise<string | undefined> {
    const answer = await this.#http.get(target, doing, 'text/plain', signal);
    return answer.status === 404 ? undefined : answer.text;
  }

  #entry(text: string, doing: string): [id: number, schema: string] {
    const [, id, schema] = /^(\d+)\t([^]*?)\n?$/.exec(text) ?? [];
    if (id !== undefined && schema !== undefined) return [Number(id), schema];
    throw new ConnectionError(
      'refused',
      `${doing} at ${this.#urls[0]} failed: expected an id, a tab and a schema, found ${JSON.stringify(text.slice(0, 80))}; check that urls names a schema-repo`,
      { doing },
    );
  }
}

function registered(id: number, schema: string): RegisteredSchema {
  return { id, type: 'AVRO', schema, references: [] };
}
