import { ConnectionError } from '../../connection-error.ts';
import type { ConnectionFault } from '../../connection-error.ts';
import { errorCode, NOT_LEADER, UNKNOWN_TOPIC_OR_PARTITION } from './error-codes.ts';

type Facts = Record<string, unknown>;

const REMEDIES: Record<ConnectionFault, string> = {
  unavailable: 'try again; if it goes on, look at the brokers and the network',
  denied: 'check the login of this connection, and its ACLs on the topic, the group and the transactional id',
  'not-found': 'check the name, or create it',
  exists: 'use another name, or delete what is there',
  changed: 'look who else uses it: it is not what it was',
  truncated: 'try again',
  fenced: 'end this attempt: a newer one, or another job, has taken over its transactional id',
  refused: 'change the request, or the setting of the broker or topic that forbids it',
  configuration: 'correct the configuration of this connection',
};

// What helps is more special for some codes than for their fault.
const CODE_REMEDIES: Record<string, string> = {
  MESSAGE_TOO_LARGE: "make the batches smaller, or raise the topic's max.message.bytes",
  RECORD_LIST_TOO_LARGE: "make the batches smaller than the topic's segment.bytes",
  OFFSET_METADATA_TOO_LARGE: "shorten the metadata, or raise the brokers' offset.metadata.max.bytes",
  OFFSET_OUT_OF_RANGE:
    'records were deleted meanwhile: look at retention.ms and retention.bytes of the topic, which go by the ' +
    "records' own timestamps, and who re-created or trimmed it",
  INVALID_TIMESTAMP:
    "see message.timestamp.before.max.ms and message.timestamp.after.max.ms of the topic (or the brokers' log.message...)",
  INVALID_TRANSACTION_TIMEOUT:
    "choose a transaction timeout from 1 ms up to the brokers' transaction.max.timeout.ms (15 minutes unless changed)",
  UNSUPPORTED_VERSION: 'the broker is too old (Rewind needs Kafka 2.0 or newer) or too new for it',
  INVALID_REPLICATION_FACTOR: 'choose a replication factor that the live brokers can hold',
};

const CERTIFICATE = /CERT|SIGNATURE|^ERR_TLS|^EPROTO$|^ERR_SSL/;

/** The error for a code in a broker's answer. `doing` begins the message: 'commit of the transaction ...'. */
export function answerError(code: number, doing: string, facts: Facts = {}, detail?: string | null): ConnectionError {
  const { name, fault } = errorCode(code);
  const said = detail ? ` (${detail})` : '';
  const remedy = CODE_REMEDIES[name] ?? REMEDIES[fault];
  return new ConnectionError(fault, `${doing}: the broker answered ${name}${said}; ${remedy}${inBrackets(facts)}`, {
    ...printable(facts),
    code: name,
  });
}

/**
 * The error for a code in the answer of a partition's leader. A partition that metadata knows and its leader doesn't
 * has moved, is being created or is being deleted: asking for the metadata again will tell.
 */
export function leaderError(code: number, doing: string, facts: Facts = {}): ConnectionError {
  return answerError(code === UNKNOWN_TOPIC_OR_PARTITION ? NOT_LEADER : code, doing, facts);
}

/**
 * The error for anything that was thrown on the way to an answer; a ConnectionError passes as it is.
 *
 * @param broker - `host:port` of the one that gave none, which `doing` has named: a fact that an error about an answer hasn't
 */
export function connectionError(error: unknown, doing: string, facts: Facts = {}, broker?: string): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const { name, code, type, message } = parts(error);
  const fault = faultOf(name, code, type, message);
  const text = `${doing}: ${message}${code === '' || message.includes(code) ? '' : ` (${code})`}`;
  return new ConnectionError(
    fault,
    `${text}; ${REMEDIES[fault]}${inBrackets(facts)}`,
    { ...printable(facts), ...(code === '' ? {} : { code }), ...(broker !== undefined && { broker }) },
    error,
  );
}

function faultOf(name: string, code: string, type: string, message: string): ConnectionFault {
  if (name === 'KafkaJSSASLAuthenticationError')
    return message.includes('not supported by the server') ? 'configuration' : 'denied';
  if (type === 'SASL_AUTHENTICATION_FAILED' || type === 'ILLEGAL_SASL_STATE') return 'denied';
  if (type === 'UNSUPPORTED_SASL_MECHANISM' || CERTIFICATE.test(code)) return 'configuration';
  if (/certificate|wrong version number/i.test(message)) return 'configuration';
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') return 'configuration'; // a file with a credential
  if (name === 'RangeError') return 'refused'; // an answer that this client can't read
  return 'unavailable';
}

function parts(error: unknown): { name: string; code: string; type: string; message: string } {
  if (!(error instanceof Error)) return { name: '', code: '', type: '', message: String(error) };
  const { code, type } = error as { code?: unknown; type?: unknown };
  return {
    name: error.name,
    code: typeof code === 'string' ? code : '',
    type: typeof type === 'string' ? type : '',
    message: error.message,
  };
}

/** Facts as JSON can hold them: they end up in a workflow's history. */
function printable(facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'bigint' ? value.toString() : value]),
  );
}

function inBrackets(facts: Facts): string {
  const shown = Object.entries(facts).filter(([, value]) => value !== undefined);
  return shown.length === 0 ? '' : ` [${shown.map(([name, value]) => `${name}=${String(value)}`).join(', ')}]`;
}
