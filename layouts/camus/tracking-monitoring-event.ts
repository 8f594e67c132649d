import { appendCount, appendLong } from '../../formats/avro/datum/append-long.ts';
import { ByteWriter } from '../../formats/byte-writer.ts';
import type { AuditEvent } from '../archive-writing.ts';

/** The topic to which Camus posts its counts. */
export const AUDIT_TOPIC = 'TrackingMonitoringEvent';

const NAMESPACE = 'com.linkedin.camus.events.records';

/** The schema of Camus's audit messages, as its repository had it until March 2014. */
export const TRACKING_MONITORING_EVENT_SCHEMA: string = JSON.stringify({
  type: 'record',
  name: 'TrackingMonitoringEvent',
  namespace: NAMESPACE,
  fields: [
    {
      name: 'header',
      type: {
        type: 'record',
        name: 'EventHeader',
        fields: [
          { name: 'memberId', type: 'int' },
          { name: 'time', type: 'long' },
          { name: 'server', type: 'string' },
          { name: 'service', type: 'string' },
          { name: 'guid', type: { type: 'fixed', name: 'Guid', size: 16 } },
          { name: 'treeId', type: ['null', { type: 'fixed', name: 'fixed_16', size: 16 }], default: null },
          { name: 'requestId', type: ['null', 'int'], default: null },
          { name: 'impersonatorId', type: ['null', 'string'], default: null },
        ],
      },
    },
    { name: 'tier', type: 'string' },
    { name: 'eventType', type: 'string' },
    { name: 'count', type: 'long' },
    { name: 'beginTimestamp', type: 'long' },
    { name: 'endTimestamp', type: 'long' },
  ],
});

/**
 * The message in Avro's binary encoding, without a frame.
 * @throws RangeError for a guid that has not 16 bytes
 */
export function encodeTrackingMonitoringEvent(event: AuditEvent): Buffer {
  if (event.guid.length !== 16) throw new RangeError(`a guid has 16 bytes, not ${event.guid.length}`);
  const out = new ByteWriter(256);
  const long = (value: number): void => appendLong(out, BigInt(value));
  const text = (value: string): void => {
    const bytes = Buffer.from(value);
    appendCount(out, bytes.length);
    out.append(bytes);
  };
  // No member, as in Camus.
  long(-1);
  long(event.time);
  text(event.server);
  text(event.service);
  out.append(event.guid);
  // treeId, requestId and impersonatorId are null.
  out.append(Buffer.of(0, 0, 0));
  text(event.tier);
  text(event.topic);
  long(event.count);
  long(event.begin);
  long(event.end);
  return Buffer.from(out.view());
}
