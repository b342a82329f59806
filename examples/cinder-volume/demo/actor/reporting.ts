/** How often actors tell what they have done, in ms. */
const EVERY = 100;

/** Reports every moment, and once more when it is stopped. */
export function reporting(report: () => void): () => void {
  const timer = setInterval(report, EVERY);
  return () => {
    clearInterval(timer);
    report();
  };
}
