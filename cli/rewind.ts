#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node
import * as module from 'node:module';

// What V8 compiles is kept from one start to the next (Node 22.1 and later; NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE
// tell where, and whether): some thousand modules, half of what a short command takes. So nothing is imported before.
(module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
const { bundledCode } = await import('../activities/step/bundled-code.ts');
const { main } = (await import(bundledCode(new URL('./main.js', import.meta.url)))) as { main: () => Promise<void> };
await main();
