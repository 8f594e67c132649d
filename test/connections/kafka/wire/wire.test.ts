// Proves what the wire relies on inside kafkajs: the very version that it was written for, and that an answer is read
// in pieces of any size, matched to its request, and stripped of a flexible header's tagged fields.
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Wire } from '../../../../connections/kafka/wire/wire.ts';

const require = createRequire(import.meta.url);
const VERSIONS = Buffer.from('0000' + '00000001' + '000300000005', 'hex');

/** A server that answers a request by its API key with these bytes, which follow the correlation id. */
async function serve(
  answer: (apiKey: number, body: Buffer) => Buffer,
  write: (socket: Socket, bytes: Buffer) => void,
): Promise<Wire> {
  const server = createServer((socket) => {
    let pending = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      pending = Buffer.concat([pending, bytes]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
        const request = pending.subarray(4, 4 + pending.readInt32BE(0));
        pending = pending.subarray(4 + request.length);
        const content = answer(request.readInt16BE(0), request);
        const frame = Buffer.concat([Buffer.alloc(4), request.subarray(4, 8), content]);
        frame.writeInt32BE(frame.length - 4, 0);
        write(socket, frame);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const settings = { clientId: 'tést', connectTimeoutMs: 1000, requestTimeoutMs: 1000 };
  const wire = new Wire('127.0.0.1', (server.address() as AddressInfo).port, settings);
  onTestFinished(async () => {
    await wire.close(new Error('over'));
    server.close();
  });
  return wire;
}

describe('Wire', () => {
  it('stands on kafkajs 2.2.4, exactly', () => {
    const installed = require('kafkajs/package.json') as { version: string };
    const ours = require('../../../../package.json') as { dependencies: Record<string, string> };
    expect(installed.version).toBe('2.2.4');
    expect(ours.dependencies['kafkajs']).toBe('2.2.4');
  });

  it('sets no timer of a negative time, of which Node 24 warns, and none at all while it is idle', async () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => timers.mockRestore());
    const wire = await serve(
      () => VERSIONS,
      (socket, frame) => socket.write(frame),
    );
    await wire.connect();
    timers.mockClear();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const request = { apiKey: 18, apiName: 'ApiVersions', apiVersion: 0, flexible: false, body: [] };
    await Promise.all([wire.send(request), wire.send(request)]);
    expect(timers.mock.calls.map(([, ms]) => ms).filter((ms) => ms !== undefined && ms < 0)).toEqual([]);
    timers.mockClear();
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(timers).not.toHaveBeenCalled();
  });

  it('sends the head and the pieces of a request as one, and reads answers that come in any pieces', async () => {
    const requests: Buffer[] = [];
    const wire = await serve(
      (apiKey, request) => {
        if (apiKey === 18) return VERSIONS;
        requests.push(request);
        return Buffer.concat([Buffer.from('020001aa05025555', 'hex'), request.subarray(-3)]);
      },
      (socket, frame) => {
        for (let at = 0; at < frame.length; at += 3) socket.write(frame.subarray(at, at + 3));
      },
    );
    expect(await wire.connect()).toEqual(new Map([[3, { lowest: 0, highest: 5 }]]));
    const send = (body: string[], flexible: boolean): Promise<Buffer> =>
      wire.send({
        apiKey: 3,
        apiName: 'Metadata',
        apiVersion: 12,
        flexible,
        body: body.map((piece) => Buffer.from(piece)),
      });
    // Two tagged fields, of 1 and of 2 bytes, stand before the body of a flexible answer.
    const answers = await Promise.all([send(['a', 'bcd'], true), send(['xyz'], false), send(['', '123'], true)]);
    expect(answers.map(String)).toEqual(['bcd', expect.stringContaining('xyz'), '123']);
    // API key, version, correlation id, client id, then in a flexible header no tagged fields.
    expect(requests[0]!.subarray(0, 4).toString('hex')).toBe('0003000c');
    expect(requests[0]!.subarray(8).toString('latin1')).toBe(`\0\x05${Buffer.from('tést').toString('latin1')}\0abcd`);
    expect(requests[1]!.subarray(8).toString('latin1')).toBe(`\0\x05${Buffer.from('tést').toString('latin1')}xyz`);
  });

  it('hands on large answers in the memory that they were read into, without a copy', async () => {
    const large = Buffer.alloc(1_000_000, 'large');
    const wire = await serve(
      (apiKey) => (apiKey === 18 ? VERSIONS : large),
      (socket, frame) => socket.write(frame),
    );
    await wire.connect();
    const copies = vi.spyOn(Buffer, 'concat');
    onTestFinished(() => copies.mockRestore());
    const request = { apiKey: 3, apiName: 'Metadata', apiVersion: 12, flexible: false, body: [] };
    for (let count = 0; count < 2; count += 1) expect((await wire.send(request)).equals(large)).toBe(true);
    // The server puts size, correlation id and content together.
    const read = copies.mock.calls.filter(([pieces]) => pieces.length !== 3);
    expect(read.filter(([pieces]) => pieces.some(({ length }) => length > 1_000))).toEqual([]);
  });
});
