/**
 * Why the broker refused something:
 * - `missing`: there is no such queue or exchange;
 * - `down`: there is, but its node does not answer (RabbitMQ gives both of these the code 404);
 * - `in use`: an exclusive consumer stands in the way;
 * - `forbidden`: the account lacks the right (403);
 * - `taken`: the queue belongs to another live connection (405);
 * - `condition`: it exists and is otherwise, is used, or is not empty (406);
 * - `unsupported`: this kind of queue cannot do that (540);
 * - `other`: any other code;
 * - `lost`: nobody refused it, the channel or connection went away.
 */
export type Refusal = 'missing' | 'down' | 'in use' | 'forbidden' | 'taken' | 'condition' | 'unsupported' | 'other' | 'lost';

export function refusalOf(error: unknown): Refusal {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = typeof message === 'string' ? message : '';
  switch (code) {
    case 404:
      // Only what says that nothing is there may be taken for missing: a queue that is down must not be created again.
      return /NOT_FOUND - no (queue|exchange)/.test(text) ? 'missing' : 'down';
    case 403:
      return /exclusive/.test(text) ? 'in use' : 'forbidden';
    case 405:
      return 'taken';
    case 406:
      return 'condition';
    case 540:
      return 'unsupported';
    default:
      return typeof code === 'number' ? 'other' : 'lost';
  }
}

/** What the broker said, without what the client library put around it. */
export function reasonOf(error: unknown): string {
  const { message } = error as { message?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  return /with message "(.*)"/s.exec(text)?.[1] ?? text;
}
