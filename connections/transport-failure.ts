import { ConnectionError } from './connection-error.ts';

/** Codes of errors before a byte of the request went out. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_CLOSED',
]);

/** A certificate that does not check out mends itself only by somebody changing something. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|HOSTNAME_MISMATCH/;

const MEANING: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused; check that the server runs and listens there',
  ENOTFOUND: 'its name is unknown here; check the name, or map it by hostMap',
  EAI_AGAIN: 'its name cannot be looked up now; check the name servers',
  UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time; check network and firewall',
  UND_ERR_HEADERS_TIMEOUT: 'it accepted the request and did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped in the middle',
  UND_ERR_SOCKET: 'it closed the connection',
  UND_ERR_DESTROYED: 'this connection was closed here',
  UND_ERR_CLOSED: 'this connection was closed here',
  ECONNRESET: 'it reset the connection',
  EPIPE: 'it closed the connection',
};

/**
 * Turns an error of the HTTP client into the error of a connection; `facts.maybeDone` tells whether a server may have it.
 * @param meanings of codes for which this kind of server has another remedy
 */
export function transportFailure(
  error: unknown,
  doing: string,
  server: string,
  meanings: Readonly<Record<string, string>> = {},
): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const code = codeOf(error);
  const maybeDone = !NOT_SENT.has(code) && !CERTIFICATE.test(code);
  const facts = { doing, server, code, maybeDone };
  if (CERTIFICATE.test(code))
    return new ConnectionError(
      'configuration',
      `${doing} at ${server} failed: its certificate is not trusted (${code}); name the PEM file of its authority in ca`,
      facts,
      error,
    );
  const meaning = meanings[code] ?? MEANING[code] ?? (error as Error).message;
  return new ConnectionError(
    'unavailable',
    `${doing} at ${server} failed: ${meaning} (${code}); try again`,
    facts,
    error,
  );
}

// `localhost` and names with several addresses fail with an AggregateError, whose code is that of the last try.
function codeOf(error: unknown): string {
  const { code, cause, name } = error as { code?: unknown; cause?: { code?: unknown }; name?: string };
  if (typeof code === 'string') return code;
  return typeof cause?.code === 'string' ? cause.code : (name ?? 'Error');
}
