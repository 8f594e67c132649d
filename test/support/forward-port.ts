import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Forwards connections to a local port to another address, until it is closed. */
export async function forwardTo(port: number, address: string): Promise<{ close(): void }> {
  const [host = '', targetPort = ''] = address.split(':');
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const target = connect(Number(targetPort), host);
    for (const end of [socket, target]) {
      sockets.add(end);
      // An end that breaks takes the other with it.
      end.on('error', () => end.destroy()).on('close', () => [socket, target].forEach((other) => other.destroy()));
    }
    socket.pipe(target).pipe(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
