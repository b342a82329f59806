import type { CallContext, MethodRecord } from '../../../rpc/index.js';
import type { Version } from '../../../versions/index.js';
import { reasonOf } from '../reason.js';
import type { Handled } from '../messages.js';
import { sampleNumberOf, markOf } from '../marks.js';
import type { Speech, Written } from './speech.js';

type Handler = (...parameters: readonly unknown[]) => unknown;

/** What a serving process says of itself in its notes. */
export interface Post {
  readonly server: string;
  /** The newest version that the caller reads. */
  readonly reads: Version;
  readonly note: (handled: Handled) => void;
}

/**
 * Handlers for every method that note what they got and what they answered.
 * @param inner the package's own handlers. Without them a sample is answered.
 */
export function recording(speech: Speech, inner: object | undefined, post: Post): object {
  const service: Record<string, Handler> = {};
  for (const method of speech.contract.methods) {
    service[method.property] = (...parameters) => handle(speech, method, parameters, post, inner);
  }
  return service;
}

async function handle(
  speech: Speech,
  method: MethodRecord,
  parameters: readonly unknown[],
  { server, reads, note }: Post,
  inner: object | undefined,
): Promise<unknown> {
  const context = parameters.at(-1) as CallContext;
  const { version } = context;
  const answered = speech.contract.answerVersion(reads);
  const mark = markOf(context.traceparent);
  const said = { mark, server, method: method.property, version, answered };
  const request = attempt(
    () => ({ request: speech.plain(method.takes, version, parameters[0]) }),
    (unwritable) => ({ unwritable }),
  );
  let result: unknown;
  try {
    result =
      inner === undefined
        ? speech.result(method, answered, sampleNumberOf(mark))
        : await (inner as Readonly<Record<string, Handler>>)[method.property]?.call(inner, ...parameters);
  } catch (error) {
    note({ ...said, ...request, threw: error instanceof Error ? error.name : String(error) });
    throw error;
  }
  // What cannot be written is not written: the caller is told so, and that is what counts.
  const { json: answer, lost } = attempt<Written, Written>(
    () => speech.written(method.returns, answered, result, 'out'),
    () => ({}),
  );
  note({ ...said, ...request, answer, lost });
  return result;
}

function attempt<Result, Other>(work: () => Result, otherwise: (reason: string) => Other): Result | Other {
  try {
    return work();
  } catch (error) {
    return otherwise(reasonOf(error));
  }
}
