// What Temporal's core prints of a connection that failed becomes a sentence about what is wrong.
import { expect, test } from 'vitest';
import { transportReason } from '../../workers/temporal-connection.ts';

test.each([
  [
    'tonic::transport::Error(Transport, ConnectError(ConnectError("tcp connect error", 127.0.0.1:1, Os { code: 111, kind: ConnectionRefused, message: "Connection refused" })))',
    'Connection refused',
  ],
  [
    'tonic::transport::Error(Transport, ConnectError(Custom { kind: InvalidData, error: InvalidMessage(InvalidContentType) }))',
    'what answers there does not speak TLS, which TEMPORAL_TLS, a certificate or an API key asks for',
  ],
  [
    'tonic::transport::Error(Transport, ConnectError(Custom { kind: InvalidData, error: InvalidCertificate(UnknownIssuer) }))',
    'its certificate is not accepted (UnknownIssuer)',
  ],
  [
    'tonic::transport::Error(Transport, ConnectError(ConnectError("dns error", Custom { kind: Uncategorized, error: "failed to lookup address information" })))',
    "its name can't be resolved",
  ],
  ['Something else.\nwith a stack', 'Something else'],
])('%s', (message, reason) => {
  expect(transportReason(message)).toBe(reason);
});
