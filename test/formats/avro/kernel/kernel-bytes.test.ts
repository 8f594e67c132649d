import { expect, it } from 'vitest';
import { KERNEL } from '../../../../formats/avro/kernel/kernel-bytes.ts';
import { compileAssembly } from '../../../../scripts/compile-assembly.ts';

it('is what its source compiles to', async () => {
  const compiled = Buffer.from(await compileAssembly());
  expect(KERNEL, 'the source has changed: npm run write-kernel').toBe(compiled.toString('base64'));
});
