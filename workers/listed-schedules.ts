import type { ConnectionLike } from '@temporalio/client';

/** Workflows that a Schedule starts: those of `rewind schedule`. */
const STARTED = ['replay', 'archive', 'ranges', 'verify'];
/** More are not looked at. */
const MOST = 1_000;

export interface ListedSchedule {
  scheduleId: string;
  /** Type of the workflow that it starts. */
  workflow: string;
  paused: boolean;
  /** Why, as the one said who paused it. */
  note: string;
  /** ISO-8601: when it started a workflow last, and when it will next. */
  last: string | undefined;
  next: string | undefined;
}

/** The Schedules of a namespace that start jobs of Rewind, by id. Visibility is a moment behind. */
export async function listedSchedules(
  { workflowService }: Pick<ConnectionLike, 'workflowService'>,
  namespace: string,
): Promise<ListedSchedule[]> {
  const { schedules } = await workflowService.listSchedules({ namespace, maximumPageSize: MOST });
  return (schedules ?? [])
    .flatMap(({ scheduleId, info }): ListedSchedule[] => {
      const workflow = info?.workflowType?.name ?? '';
      if (!STARTED.includes(workflow)) return [];
      return [
        {
          scheduleId: scheduleId ?? '',
          workflow,
          paused: info?.paused === true,
          note: info?.notes ?? '',
          last: timeText(info?.recentActions?.at(-1)?.actualTime),
          next: info?.paused === true ? undefined : timeText(info?.futureActionTimes?.[0]),
        },
      ];
    })
    .sort((a, b) => a.scheduleId.localeCompare(b.scheduleId));
}

function timeText(time: { seconds?: unknown } | null | undefined): string | undefined {
  return time?.seconds === undefined || time.seconds === null
    ? undefined
    : new Date(Number(time.seconds) * 1000).toISOString();
}

/** How a paused one goes on. */
export function unpausing({ scheduleId }: ListedSchedule): string {
  return `temporal schedule toggle --schedule-id ${scheduleId} --unpause --reason "..."`;
}
