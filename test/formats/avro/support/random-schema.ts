import type { RandomSource } from './random-source.ts';

/** A schema's JSON. */
export type SchemaJson = string | SchemaJson[] | { [property: string]: unknown };

const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;
/** Names that JavaScript has a meaning for among them: avsc fails on some. */
const ODD_NAMES = ['a', 'b', 'constructor', '__proto__', 'time', 'toString', 'x1', 'length'];
export const PLAIN_NAMES = ['a', 'b', 'c', 'time', 'x1', 'length'];
const SYMBOLS = ['A', 'B', 'C', 'NaN', 'prototype', '_9'];

/** Grows random schemas: named types in namespaces, used again by name, recursive through unions and arrays. */
export class SchemaGrower {
  readonly #random: RandomSource;
  readonly #fieldNames: readonly string[];
  readonly #named: string[] = [];
  #count = 0;

  constructor(random: RandomSource, fieldNames: readonly string[] = ODD_NAMES) {
    this.#random = random;
    this.#fieldNames = fieldNames;
  }

  record(depth = 3): SchemaJson {
    const head = this.#head('R');
    const full = `${head.namespace}.${head.name}`;
    const names = [...this.#fieldNames].sort(() => this.#random.next() - 0.5).slice(0, 1 + this.#random.below(5));
    const fields = names.map((name) => {
      const recursive = this.#random.chance(0.08);
      if (recursive) return { name, type: this.#random.chance(0.5) ? ['null', full] : { type: 'array', items: full } };
      return { name, type: this.schema(depth - 1) };
    });
    this.#named.push(full);
    return { type: 'record', ...head, fields };
  }

  schema(depth: number): SchemaJson {
    const { below, chance, pick } = bound(this.#random);
    if (depth <= 0 || chance(0.4)) return pick(PRIMITIVES);
    if (this.#named.length > 0 && chance(0.1)) return pick(this.#named);
    switch (below(6)) {
      case 0:
        return this.record(depth);
      case 1:
        return this.#named1({ type: 'enum', ...this.#head('E'), symbols: SYMBOLS.slice(below(2), 3 + below(4)) });
      case 2:
        return this.#named1({ type: 'fixed', ...this.#head('F'), size: below(5) });
      case 3:
        return { type: 'array', items: this.schema(depth - 1) };
      case 4:
        return { type: 'map', values: this.schema(depth - 1) };
      default:
        return this.#union(depth);
    }
  }

  #union(depth: number): SchemaJson {
    const branches: SchemaJson[] = [];
    const taken = new Set<unknown>();
    for (let i = 1 + this.#random.below(4); i > 0; i--) {
      const branch = this.schema(depth - 1);
      const name =
        typeof branch === 'string' ? branch : Array.isArray(branch) ? 'union' : (branch['name'] ?? branch['type']);
      if (name === 'union' || taken.has(name) || (typeof branch === 'string' && branch.includes('.'))) continue;
      taken.add(name);
      branches.push(branch);
    }
    return branches.length > 0 ? branches : ['null'];
  }

  #named1(schema: { name: string; namespace: string; [property: string]: unknown }): SchemaJson {
    this.#named.push(`${schema.namespace}.${schema.name}`);
    return schema;
  }

  #head(letter: string): { name: string; namespace: string } {
    return { name: `${letter}${this.#count++}`, namespace: this.#random.pick(['n', 'n.m', 'o']) };
  }
}

function bound(random: RandomSource): Pick<RandomSource, 'below' | 'chance' | 'pick'> {
  return {
    below: (limit) => random.below(limit),
    chance: (probability) => random.chance(probability),
    pick: (items) => random.pick(items),
  };
}
