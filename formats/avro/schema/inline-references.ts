import { JsonNumber, parseJsonText, type JsonObject, type JsonValue } from './json-text.ts';
import { fullName, isPrimitive, namespaceOf } from './names.ts';
import { shortName } from './schema.ts';

/**
 * A schema that takes named types from others, with their definitions where each is used first: it stands for itself
 * then, as the header of a container file needs it.
 *
 * @param references - texts of the schemas that define the types, those that they refer to themselves among them
 * @throws FormatError 'schema' for a text that is no JSON
 */
export function inlineReferences(schema: string, references: readonly string[]): string {
  const types = new Map<string, Definition>();
  for (const text of references) collect(parseJsonText(text), '', types);
  return jsonText(new Inliner(types).schema(parseJsonText(schema), ''));
}

/** A named type of a referenced schema, and the namespace around it. */
interface Definition {
  json: JsonObject;
  namespace: string;
}

const NAMED = new Set(['record', 'error', 'enum', 'fixed']);

/** The full name of a definition; undefined for what defines no name. */
function nameOf(json: JsonObject, namespace: string): string | undefined {
  const [type, name, own] = [json.get('type'), json.get('name'), json.get('namespace')];
  if (typeof type !== 'string' || !NAMED.has(type) || typeof name !== 'string') return undefined;
  return fullName(name, typeof own === 'string' ? own : namespace);
}

function collect(json: JsonValue, namespace: string, into: Map<string, Definition>): void {
  if (Array.isArray(json)) for (const branch of json) collect(branch, namespace, into);
  if (!(json instanceof Map)) return;
  const name = nameOf(json, namespace);
  if (name !== undefined && !into.has(name)) into.set(name, { json, namespace });
  const within = name === undefined ? namespace : namespaceOf(name);
  for (const key of ['items', 'values', 'type']) collect(json.get(key) ?? null, within, into);
  const fields = json.get('fields');
  for (const field of Array.isArray(fields) ? fields : [])
    if (field instanceof Map) collect(field.get('type') ?? null, within, into);
}

class Inliner {
  readonly #types: ReadonlyMap<string, Definition>;
  readonly #defined = new Set<string>();

  constructor(types: ReadonlyMap<string, Definition>) {
    this.#types = types;
  }

  /** In the order in which a parser comes to names. */
  schema(json: JsonValue, namespace: string): JsonValue {
    if (typeof json === 'string') return this.#use(json, namespace);
    if (Array.isArray(json)) return json.map((branch) => this.schema(branch, namespace));
    if (!(json instanceof Map)) return json;
    const name = nameOf(json, namespace);
    if (name !== undefined) return this.#define(json, name);
    const copy: JsonObject = new Map(json);
    for (const key of ['type', 'items', 'values']) {
      const part = json.get(key);
      if (part !== undefined && part !== 'array' && part !== 'map') copy.set(key, this.schema(part, namespace));
    }
    return copy;
  }

  #use(name: string, namespace: string): JsonValue {
    const full = [fullName(name, namespace), name].find((each) => this.#defined.has(each) || this.#types.has(each));
    if (isPrimitive(name) || full === undefined || this.#defined.has(full)) return name;
    return this.#define(this.#types.get(full)!.json, full);
  }

  /** A definition that says its namespace itself: it stands in others than where it was written. */
  #define(json: JsonObject, full: string): JsonValue {
    // Defined by two of the schemas that are put together.
    if (this.#defined.has(full)) return full;
    this.#defined.add(full);
    const namespace = namespaceOf(full);
    const copy: JsonObject = new Map(json);
    copy.set('name', shortName(full));
    copy.set('namespace', namespace);
    const fields = json.get('fields');
    if (Array.isArray(fields))
      copy.set(
        'fields',
        fields.map((field) => this.#field(field, namespace)),
      );
    return copy;
  }

  #field(field: JsonValue, namespace: string): JsonValue {
    if (!(field instanceof Map)) return field;
    const copy: JsonObject = new Map(field);
    const type = field.get('type');
    if (type !== undefined) copy.set('type', this.schema(type, namespace));
    return copy;
  }
}

/** JSON with its numbers as they were spelled. */
function jsonText(value: JsonValue): string {
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (value instanceof Map)
    return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`).join(',')}}`;
  return JSON.stringify(value);
}
