import type { ConnectionFault } from '../../connection-error.ts';

/** What a code in a broker's answer means (`org.apache.kafka.common.protocol.Errors`). */
export interface ErrorCode {
  name: string;
  fault: ConnectionFault;
}

/** Codes that mean 'not yet': asking again, from the coordinator of the moment, is all there is to do. */
export const NOT_YET: ReadonlySet<number> = new Set([14, 15, 16, 51]);

export const UNKNOWN_TOPIC_OR_PARTITION = 3;
export const LEADER_NOT_AVAILABLE = 5;
export const NOT_COORDINATOR = 16;
export const TRANSACTIONAL_ID_NOT_FOUND = 105;
export const COORDINATOR_NOT_AVAILABLE = 15;
export const OPERATION_NOT_ATTEMPTED = 55;
export const OFFSET_OUT_OF_RANGE = 1;
export const NOT_LEADER = 6;
export const GROUP_ID_NOT_FOUND = 69;
export const TOPIC_AUTHORIZATION_FAILED = 29;
export const GROUP_AUTHORIZATION_FAILED = 30;
export const CLUSTER_AUTHORIZATION_FAILED = 31;
export const TRANSACTIONAL_ID_AUTHORIZATION_FAILED = 53;
export const UNSTABLE_OFFSET_COMMIT = 88;
export const UNKNOWN_TOPIC_ID = 100;
export const INCONSISTENT_TOPIC_ID = 103;

// prettier-ignore
const CODES: Record<number, [name: string, fault: ConnectionFault]> = {
  [-1]: ['UNKNOWN_SERVER_ERROR', 'unavailable'],
  1: ['OFFSET_OUT_OF_RANGE', 'changed'],
  2: ['CORRUPT_MESSAGE', 'unavailable'],
  3: ['UNKNOWN_TOPIC_OR_PARTITION', 'not-found'],
  4: ['INVALID_FETCH_SIZE', 'refused'],
  5: ['LEADER_NOT_AVAILABLE', 'unavailable'],
  6: ['NOT_LEADER_OR_FOLLOWER', 'unavailable'],
  7: ['REQUEST_TIMED_OUT', 'unavailable'],
  8: ['BROKER_NOT_AVAILABLE', 'unavailable'],
  9: ['REPLICA_NOT_AVAILABLE', 'unavailable'],
  10: ['MESSAGE_TOO_LARGE', 'refused'],
  11: ['STALE_CONTROLLER_EPOCH', 'unavailable'],
  12: ['OFFSET_METADATA_TOO_LARGE', 'refused'],
  13: ['NETWORK_EXCEPTION', 'unavailable'],
  14: ['COORDINATOR_LOAD_IN_PROGRESS', 'unavailable'],
  15: ['COORDINATOR_NOT_AVAILABLE', 'unavailable'],
  16: ['NOT_COORDINATOR', 'unavailable'],
  17: ['INVALID_TOPIC_EXCEPTION', 'refused'],
  18: ['RECORD_LIST_TOO_LARGE', 'refused'],
  19: ['NOT_ENOUGH_REPLICAS', 'unavailable'],
  20: ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'unavailable'],
  21: ['INVALID_REQUIRED_ACKS', 'refused'],
  22: ['ILLEGAL_GENERATION', 'changed'],
  24: ['INVALID_GROUP_ID', 'refused'],
  25: ['UNKNOWN_MEMBER_ID', 'changed'],
  27: ['REBALANCE_IN_PROGRESS', 'changed'],
  28: ['INVALID_COMMIT_OFFSET_SIZE', 'refused'],
  29: ['TOPIC_AUTHORIZATION_FAILED', 'denied'],
  30: ['GROUP_AUTHORIZATION_FAILED', 'denied'],
  31: ['CLUSTER_AUTHORIZATION_FAILED', 'denied'],
  32: ['INVALID_TIMESTAMP', 'refused'],
  33: ['UNSUPPORTED_SASL_MECHANISM', 'configuration'],
  34: ['ILLEGAL_SASL_STATE', 'denied'],
  35: ['UNSUPPORTED_VERSION', 'refused'],
  36: ['TOPIC_ALREADY_EXISTS', 'exists'],
  37: ['INVALID_PARTITIONS', 'refused'],
  38: ['INVALID_REPLICATION_FACTOR', 'refused'],
  39: ['INVALID_REPLICA_ASSIGNMENT', 'refused'],
  40: ['INVALID_CONFIG', 'refused'],
  41: ['NOT_CONTROLLER', 'unavailable'],
  42: ['INVALID_REQUEST', 'refused'],
  43: ['UNSUPPORTED_FOR_MESSAGE_FORMAT', 'refused'],
  44: ['POLICY_VIOLATION', 'refused'],
  45: ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'unavailable'],
  46: ['DUPLICATE_SEQUENCE_NUMBER', 'unavailable'],
  47: ['INVALID_PRODUCER_EPOCH', 'fenced'],
  48: ['INVALID_TXN_STATE', 'unavailable'],
  49: ['INVALID_PRODUCER_ID_MAPPING', 'fenced'],
  50: ['INVALID_TRANSACTION_TIMEOUT', 'refused'],
  51: ['CONCURRENT_TRANSACTIONS', 'unavailable'],
  52: ['TRANSACTION_COORDINATOR_FENCED', 'unavailable'],
  53: ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'denied'],
  54: ['SECURITY_DISABLED', 'configuration'],
  55: ['OPERATION_NOT_ATTEMPTED', 'unavailable'],
  56: ['KAFKA_STORAGE_ERROR', 'unavailable'],
  58: ['SASL_AUTHENTICATION_FAILED', 'denied'],
  59: ['UNKNOWN_PRODUCER_ID', 'unavailable'],
  60: ['REASSIGNMENT_IN_PROGRESS', 'unavailable'],
  68: ['NON_EMPTY_GROUP', 'exists'],
  69: ['GROUP_ID_NOT_FOUND', 'not-found'],
  72: ['LISTENER_NOT_FOUND', 'unavailable'],
  74: ['FENCED_LEADER_EPOCH', 'unavailable'],
  75: ['UNKNOWN_LEADER_EPOCH', 'unavailable'],
  76: ['UNSUPPORTED_COMPRESSION_TYPE', 'refused'],
  77: ['STALE_BROKER_EPOCH', 'unavailable'],
  78: ['OFFSET_NOT_AVAILABLE', 'unavailable'],
  80: ['PREFERRED_LEADER_NOT_AVAILABLE', 'unavailable'],
  81: ['GROUP_MAX_SIZE_REACHED', 'refused'],
  82: ['FENCED_INSTANCE_ID', 'fenced'],
  87: ['INVALID_RECORD', 'refused'],
  88: ['UNSTABLE_OFFSET_COMMIT', 'unavailable'],
  89: ['THROTTLING_QUOTA_EXCEEDED', 'unavailable'],
  90: ['PRODUCER_FENCED', 'fenced'],
  100: ['UNKNOWN_TOPIC_ID', 'not-found'],
  103: ['INCONSISTENT_TOPIC_ID', 'changed'],
  113: ['STALE_MEMBER_EPOCH', 'changed'],
  120: ['TRANSACTION_ABORTABLE', 'unavailable'],
};

/** Name and fault of a code; one that is not known here is a refusal, with its number as the name. */
export function errorCode(code: number): ErrorCode {
  const [name, fault] = CODES[code] ?? [`error code ${code}`, 'refused'];
  return { name, fault };
}
