// Proves that a broker which is away, hangs up, or accepts and never answers ends every call as 'unavailable' in
// bounded time, and that nothing stays open afterwards. The servers are real sockets.
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openKafka } from '../../../connections/kafka/open-kafka.ts';
import { parseKafkaConfig } from '../../../connections/kafka/config.ts';

const opened: { server: Server; sockets: Set<Socket> }[] = [];

afterEach(() => {
  for (const { server, sockets } of opened.splice(0)) {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
});

async function serve(onSocket: (socket: Socket) => void): Promise<{ address: string; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.resume();
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({ server, sockets });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

const kafka = (...brokers: string[]): ReturnType<typeof openKafka> =>
  openKafka(parseKafkaConfig({ brokers, connectTimeoutMs: 300, requestTimeoutMs: 300, waitTimeoutMs: 300 }, 'test'));

/** Answers ApiVersions v0 with Metadata up to version 5 and FindCoordinator, and nothing else. */
function answerVersionsOnly(socket: Socket): void {
  socket.on('data', (bytes) => {
    if (bytes.readInt16BE(4) !== 18) return;
    const answer = Buffer.from('0000001a' + '00000000' + '0000' + '00000002' + '000300000005' + '000a00000002', 'hex');
    answer.writeInt32BE(answer.length - 4, 0);
    bytes.copy(answer, 4, 8, 12); // correlation id
    socket.write(answer);
  });
}

describe('a broker that does not answer', () => {
  it.each([
    ['accepts and says nothing', () => undefined],
    ['says its versions and then nothing', answerVersionsOnly],
    ['hangs up at once', (socket: Socket) => socket.destroy()],
    ['ends politely', (socket: Socket) => socket.end()],
    ['answers with something else', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('%s: ends as unavailable in time, and leaves no connection', async (_, onSocket) => {
    const { address, sockets } = await serve(onSocket);
    const error: unknown = await kafka(address)
      .describeTopic('t')
      .catch((failure: unknown) => failure);
    // Who asked many partitions of it asks no more of them.
    expect(error).toMatchObject({ name: 'ConnectionError', fault: 'unavailable', facts: { broker: address } });
    expect((error as Error).message).toContain(address);
    await expect(kafka(address).openPublisher({ transactionalId: 'x' })).rejects.toMatchObject({
      fault: 'unavailable',
    });
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('names every broker where none can be reached', async () => {
    const { address } = await serve((socket) => socket.destroy());
    await expect(kafka('127.0.0.1:1', address).describeTopic('t')).rejects.toMatchObject({
      fault: 'unavailable',
      message: expect.stringMatching(/127\.0\.0\.1:1\b.*ECONNREFUSED/) as string,
    });
    await expect(kafka('127.0.0.1:1', address).describeTopic('t')).rejects.toThrow(address);
  });

  it('takes a server without TLS for a wrong configuration or an unavailable broker, in time', async () => {
    const { address } = await serve((socket) => socket.end('plain text'));
    const secure = openKafka(parseKafkaConfig({ brokers: address, ssl: true, connectTimeoutMs: 300 }, 'test'));
    await expect(secure.describeTopic('t')).rejects.toMatchObject({ fault: /configuration|unavailable/ });
  });
});

describe('a connection that was closed', () => {
  it('ends what is under way, and refuses what comes later', async () => {
    const { address, sockets } = await serve(() => undefined);
    const connection = openKafka(parseKafkaConfig({ brokers: address }, 'test'));
    const question = connection.describeTopic('t');
    await expect.poll(() => sockets.size).toBe(1);
    await connection.close();
    await expect(question).rejects.toMatchObject({ fault: 'unavailable', message: /closed/ });
    await expect.poll(() => sockets.size).toBe(0);
    await expect(connection.describeTopic('t')).rejects.toMatchObject({ fault: 'unavailable', message: /closed/ });
  });
});
