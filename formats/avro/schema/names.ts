import { FormatError } from '../../format-error.ts';
import type { AvroSchema, PrimitiveName } from './schema.ts';

const PRIMITIVES: ReadonlySet<string> = new Set<PrimitiveName>([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]);

export function isPrimitive(type: string): type is PrimitiveName {
  return PRIMITIVES.has(type);
}

// Java's Schema.Parser lets letters of every script through, where the specification has ASCII alone.
const NAME = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;

/** @throws FormatError 'schema' for a name that Java's Schema.Parser refuses too */
export function checkName(name: string, what: string): void {
  if (!NAME.test(name))
    throw new FormatError('schema', `${what} has no valid name`, {
      expected: 'letters, digits and underscores, not beginning with a digit',
      found: JSON.stringify(name),
    });
}

/** A full name by the rules of the specification: a dot in `name` overrides the namespace. */
export function fullName(name: string, namespace: string): string {
  if (!name.includes('.')) return namespace === '' ? name : `${namespace}.${name}`;
  return name.startsWith('.') ? name.slice(1) : name;
}

export function namespaceOf(full: string): string {
  return full.slice(0, Math.max(0, full.lastIndexOf('.')));
}

/** The named types of one schema, in the order in which its JSON defines them. */
export class Names {
  readonly #types = new Map<string, AvroSchema>();

  define(full: string, schema: AvroSchema): void {
    if (isPrimitive(full))
      throw new FormatError('schema', `a type is named after the primitive type ${full}`, {
        expected: 'a name of its own',
        found: full,
      });
    if (this.#types.has(full))
      throw new FormatError('schema', `the type ${full} is defined twice`, {
        expected: 'one definition, and its name wherever the type is used again',
        found: 'a second definition',
      });
    this.#types.set(full, schema);
  }

  /** A name as it is written somewhere inside of `namespace`; the null namespace is tried second, as Java does. */
  lookUp(name: string, namespace: string): AvroSchema | undefined {
    if (isPrimitive(name)) return { type: name };
    return this.#types.get(fullName(name, namespace)) ?? this.#types.get(name);
  }

  /** The names that there are, for an error message. */
  list(): string {
    return [...this.#types.keys()].slice(0, 20).join(', ');
  }
}
