/** Stands for the result of work that was not done in time. */
export const LATE = Symbol('late');

/** Waits for work at most `ms`; late work goes on, unobserved. @throws the error of work that failed in time */
export async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => (timer = setTimeout(() => resolve(LATE), ms)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
