import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '../scripts/stack/development-stack.ts';

/** The file system that its own clients name. */
export function hdfsOf(stack: Stack): string {
  const site = readFileSync(join(stack.directory, 'hadoop', 'configuration', 'core-site.xml'), 'utf8');
  const url = /hdfs:\/\/[^<]+/.exec(site)?.[0];
  if (url === undefined) throw new Error(`core-site.xml of stack ${stack.name} names no file system:\n${site}`);
  return url;
}
