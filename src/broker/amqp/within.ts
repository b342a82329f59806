/** What did not come in time. */
export const LATE = Symbol('late');

/** The result of the work, or `LATE` when it takes longer than `limit` ms. What comes later is let go, failures included. */
export function within<T>(work: Promise<T>, limit: number): Promise<T | typeof LATE> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(LATE), limit);
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
