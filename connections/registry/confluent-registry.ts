import { z } from 'zod';
import { ConnectionError } from '../connection-error.ts';
import type { RegistryConfig } from './config.ts';
import type { RegistryAnswer } from './http.ts';
import { parsedObject, RegistryHttp } from './http.ts';
import type { RegisteredSchema, SchemaRegistry, SubjectVersion } from './schema-registry.ts';

const ACCEPT = 'application/vnd.schemaregistry.v1+json, application/json';

const schemaShape = z.object({
  schema: z.string(),
  schemaType: z.string().default('AVRO'),
  references: z
    .array(z.object({ name: z.string(), subject: z.string(), version: z.int() }))
    .nullish()
    .transform((references) => references ?? []),
});
const idShape = z.object({ id: z.int().optional() });
const versionShape = z.object({ subject: z.string(), version: z.int(), id: z.int() });

/** Confluent's REST API, as other registries speak it too (Apicurio, Karapace, Redpanda). */
export class ConfluentRegistry implements SchemaRegistry {
  readonly #http: RegistryHttp;
  readonly #urls: readonly string[];

  constructor(config: RegistryConfig) {
    this.#http = new RegistryHttp(config);
    this.#urls = config.urls;
  }

  async schemaById(id: number, _subject: string, signal?: AbortSignal): Promise<RegisteredSchema | undefined> {
    const doing = `asking for the schema with id ${id}`;
    const found = await this.#ask(`/schemas/ids/${id}`, doing, schemaShape, signal);
    return found && registered(id, found);
  }

  async schemaByGuid(guid: string, signal?: AbortSignal): Promise<RegisteredSchema | undefined> {
    const doing = `asking for the schema with GUID ${guid}`;
    const found = await this.#ask(
      `/schemas/guids/${encodeURIComponent(guid)}`,
      doing,
      schemaShape.extend(idShape.shape),
      signal,
    );
    // The answer of older servers leaves the number out; nothing depends on it.
    return found && registered(found.id ?? -1, found);
  }

  latest(subject: string, signal?: AbortSignal): Promise<SubjectVersion | undefined> {
    return this.#version(subject, 'latest', signal);
  }

  version(subject: string, version: number, signal?: AbortSignal): Promise<SubjectVersion | undefined> {
    return this.#version(subject, String(version), signal);
  }

  async versions(subject: string, signal?: AbortSignal): Promise<number[]> {
    const target = `/subjects/${encodeURIComponent(subject)}/versions`;
    const found = await this.#ask(target, `asking for the versions of ${subject}`, z.array(z.int()), signal);
    return (found ?? []).sort((a, b) => a - b);
  }

  async subjects(signal?: AbortSignal): Promise<string[]> {
    const found = await this.#ask('/subjects', 'asking for the subjects', z.array(z.string()), signal);
    return (found ?? []).sort();
  }

  describe(): string {
    return `schema registry ${this.#urls.join(',')}`;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #version(subject: string, version: string, signal?: AbortSignal): Promise<SubjectVersion | undefined> {
    const target = `/subjects/${encodeURIComponent(subject)}/versions/${version}`;
    const doing = `asking for version ${version} of ${subject}`;
    const found = await this.#ask(target, doing, schemaShape.extend(versionShape.shape), signal);
    return found && { ...registered(found.id, found), subject: found.subject, version: found.version };
  }

  /** Undefined where the registry says that there is no such thing. */
  async #ask<T>(target: string, doing: string, shape: z.ZodType<T>, signal?: AbortSignal): Promise<T | undefined> {
    const answer = await this.#http.get(target, doing, ACCEPT, signal);
    if (answer.status === 404) {
      // 40401 to 40403: no such subject, version, schema. Without a code of its own the path is not known.
      const code = parsedObject(answer.text)['error_code'];
      if (typeof code === 'number' && code > 404) return undefined;
      throw notThisApi(answer, doing, 'found nothing under its path (HTTP 404)');
    }
    try {
      return shape.parse(JSON.parse(answer.text));
    } catch {
      throw notThisApi(answer, doing, `found ${JSON.stringify(answer.text.slice(0, 80))}`);
    }
  }
}

function registered(id: number, found: z.infer<typeof schemaShape>): RegisteredSchema {
  return { id, type: found.schemaType, schema: found.schema, references: found.references };
}

function notThisApi({ server, status }: RegistryAnswer, doing: string, found: string): ConnectionError {
  const text = `${doing} at ${server} failed: expected an answer of Confluent's API, ${found}; check the path of urls, and that the registry is new enough for what is asked`;
  return new ConnectionError('refused', text, { doing, server, status });
}
