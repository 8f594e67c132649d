// Proves that a package is installed once, and that half of one is never taken for a whole one.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { installOnce } from '../../../scripts/stack/install-once.ts';

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'rewind-packages-'));
  vi.stubEnv('REWIND_STACK_PACKAGES', cache);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

describe('installing a package', () => {
  it('fills its folder at the first time only', async () => {
    const fill = vi.fn(async (folder: string) => writeFileSync(join(folder, 'server.jar'), 'jar'));
    const folder = await installOnce('server-1.0', fill);
    expect(await installOnce('server-1.0', fill)).toBe(folder);
    expect(fill).toHaveBeenCalledTimes(1);
    expect(readdirSync(folder)).toEqual(['server.jar']);
  });

  it('leaves nothing under its name where the install fails half way', async () => {
    const fill = async (folder: string): Promise<void> => {
      writeFileSync(join(folder, 'half.jar'), 'ja');
      throw new Error('connection lost');
    };
    await expect(installOnce('server-1.0', fill)).rejects.toThrow('connection lost');
    expect(readdirSync(cache)).toEqual([]);
  });

  it('shows the folder to nobody before it is whole', async () => {
    await installOnce('server-1.0', async () => expect(existsSync(join(cache, 'server-1.0'))).toBe(false));
    expect(existsSync(join(cache, 'server-1.0'))).toBe(true);
  });

  it('takes the folder of another install that was faster', async () => {
    const folder = await installOnce('server-1.0', async (mine) => {
      writeFileSync(join(mine, 'server.jar'), 'slow');
      await installOnce('server-1.0', async (theirs) => writeFileSync(join(theirs, 'server.jar'), 'fast'));
    });
    expect(readdirSync(cache)).toEqual(['server-1.0']);
    expect(readdirSync(folder)).toEqual(['server.jar']);
  });
});
