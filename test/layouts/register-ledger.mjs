// Gives a worker process one layout more: the line that a new one adds to layouts/registered.ts.
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

/** Node's `load` hook for the compiled registration; the query names the module as it is. */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('/dist/layouts/registered.js')) return nextLoad(url, context);
  const source = `
    import * as registered from './registered.js?as-it-is';
    import { ledger } from '../test/layouts/ledger/layout.js';
    export * from './registered.js?as-it-is';
    export const layouts = { ...registered.layouts, ledger };`;
  return { format: 'module', source, shortCircuit: true };
}
