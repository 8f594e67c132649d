// HTTPS with the cluster's own authority: certificates are checked against the names that the cluster says, also where
// hosts are mapped, and no data leaves the encryption by a redirect.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, fileStatus, json, listen, openStore, redirect, remoteException } from './fake-server.ts';

let directory: string;
let ca: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'https-'));
  ca = join(directory, 'cert.pem');
  const subject = ['-subj', '/CN=cluster', '-addext', 'subjectAltName=DNS:nn.internal,DNS:dn.internal,DNS:localhost'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', join(directory, 'key.pem')];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', ca, '-days', '2', ...subject], { stdio: 'pipe' });
});
afterAll(() => rmSync(directory, { recursive: true }));

const serve = async (listener: RequestListener): Promise<string> => {
  const options = { key: readFileSync(join(directory, 'key.pem')), cert: readFileSync(ca) };
  return new URL(await listen(createServer(options, listener), 'https')).port;
};

/** NameNode and DataNode in one, each under its own name. */
const cluster = async (scheme = 'https'): Promise<{ urls: string[]; hostMap: Record<string, string> }> => {
  let stored: Buffer | undefined;
  const port = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'https://x');
    const op = searchParams.get('op');
    const named = request.headers.host!.split(':')[0];
    if (op === 'GETFILESTATUS') {
      if (stored === undefined) return remoteException(response, 'FileNotFoundException', '', 404);
      return json(response, fileStatus(stored.length));
    }
    if (named === 'nn.internal')
      return redirect(response, `${scheme}://dn.internal:${port}${pathname}?op=${op}&token=x`);
    if (op === 'OPEN') return void response.end(stored);
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      stored = Buffer.concat(parts);
      response.writeHead(201).end();
    });
  });
  return { urls: [`https://nn.internal:${port}`], hostMap: { 'nn.internal': '127.0.0.1', 'dn.internal': '127.0.0.1' } };
};

describe('HTTPS', () => {
  it('writes and reads with the authority that is configured', async () => {
    const { urls, hostMap } = await cluster();
    const store = openStore(urls, { hostMap, ca });
    expect(await store.write('/file', [Buffer.from('hello')])).toBe(5);
    expect(Buffer.from(await store.read('/file', 0, 5)).toString()).toBe('hello');
  });

  it('is a matter of configuration where the authority is not known', async () => {
    const { urls, hostMap } = await cluster();
    const error = await failureOf(openStore(urls, { hostMap }).status('/file'));
    expect(error).toMatchObject({ fault: 'configuration' });
    expect(error.message).toContain('ca');
  });

  it('checks the name that the cluster says, not the one that it is mapped to', async () => {
    const { urls } = await cluster();
    const { port } = new URL(urls[0]!);
    const hostMap = { 'other.internal': 'localhost' };
    await expect(openStore([`https://other.internal:${port}`], { hostMap, ca }).status('/file')).rejects.toMatchObject({
      fault: 'configuration',
    });
  });

  it('does not follow a redirect out of the encryption', async () => {
    const { urls, hostMap } = await cluster('http');
    const store = openStore(urls, { hostMap, ca });
    await expect(store.read('/file', 0, 1)).rejects.toThrow(/without encryption/);
    await expect(store.write('/file', [Buffer.from('x')])).rejects.toThrow(/without encryption/);
  });

  it('names a file of certificates that is not there', () => {
    expect(() => openStore(['https://nn.internal:1'], { ca: '/none.pem' })).toThrow('/none.pem');
  });
});
