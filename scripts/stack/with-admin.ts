import type { Admin, Kafka } from 'kafkajs';

/** Lets an admin client of kafkajs be used, and closes it whatever becomes of that. */
export async function withAdmin<T>(kafka: Kafka, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}
