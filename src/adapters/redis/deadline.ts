import { Overdue } from './faults.ts';

/** How long there is for a call, or for every batch of a long one. */
export interface Deadline {
  /** Milliseconds. */
  readonly timeout: number;
  /** Milliseconds that are left; negative when it is over. */
  left(): number;
  /** From now on every batch has the whole time to itself. */
  renew(): void;
}

export function startDeadline(timeout: number): Deadline {
  const end = clock() + timeout;
  let isRenewed = false;
  return {
    timeout,
    left: () => (isRenewed ? timeout : end - clock()),
    renew() {
      isRenewed = true;
    },
  };
}

/** Milliseconds of a clock that only goes forward. */
function clock(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** Settles with the work, or rejects with {@link Overdue} when the deadline comes first. */
export async function within<T>(deadline: Deadline, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Overdue(deadline.timeout)), Math.max(0, deadline.left()));
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}
