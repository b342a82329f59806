import { LynchpinError } from '../../../errors/index.js';
import type { Json } from '../../../objects/index.js';
import type { Contract, MethodRecord, RpcClient } from '../../../rpc/index.js';
import type { Version } from '../../../versions/index.js';
import { traceOf } from '../marks.js';
import type { Item, Requests, Sent } from '../messages.js';
import { nameOfError, reasonOf } from '../reason.js';
import type { Speech } from './speech.js';

/** How many requests are under way at a time. */
const AT_ONCE = 24;

type Side = Readonly<Record<string, (request: unknown, options: { readonly traceparent: string }) => Promise<unknown>>>;
type Ask = Omit<Requests['send']['ask'], 'namespace'>;

/** The requests that make sense at a pin, from every method that any version of the release has. */
export function itemsAt(speech: Speech, pin: Version, casts: boolean): readonly Omit<Item, 'mark'>[] {
  return speech.contract.methods
    .filter((method) => !casts || (method.returns === undefined && predict(speech.contract, method, pin).predicted === 'sent'))
    .flatMap((method) => {
      const { version } = predict(speech.contract, method, pin);
      return speech.samplesOf(method, version).map((sample) => ({ method: method.property, sample }));
    });
}

/** Sends requests and says what became of each. */
export async function sendAll(speech: Speech, client: RpcClient<object>, { items, kind, answers, to }: Ask): Promise<readonly Sent[]> {
  const side = client[kind] as unknown as Side;
  const pin = client.pin.version;
  const waiting = [...items.entries()];
  const sent: Sent[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, item] = next;
      sent[at] = await sendOne(speech, side, item, { kind, answers, to, pin });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return sent;
}

async function sendOne(
  speech: Speech,
  side: Side,
  item: Item,
  { kind, answers, to, pin }: Omit<Ask, 'items'> & { readonly pin: Version },
): Promise<Sent> {
  const method = speech.contract.method(item.method) as MethodRecord;
  const { version, ...judged } = predict(speech.contract, method, pin);
  let { predicted } = judged;
  const request = speech.request(method, version, item.sample);
  let written: { readonly written?: Json; readonly lost?: string; readonly moved?: Json } = {};
  if (predicted === 'sent') {
    try {
      const { json, lost } = speech.written(method.takes, version, request, 'in');
      const moved = to === undefined ? undefined : speech.moved(method, version, to, json);
      written = {
        ...(json === undefined ? {} : { written: json }),
        ...(lost === undefined ? {} : { lost }),
        ...(moved === undefined ? {} : { moved }),
      };
    } catch (error) {
      // Anything else is no refusal but a fault: it is sent, and what comes of it is told.
      if (LynchpinError.is(error, 'PINNED')) predicted = 'PINNED';
    }
  }
  const outcome = { ...item, version, predicted, ...written };
  try {
    const result = await side[item.method]?.(request, { traceparent: traceOf(item.mark) });
    if (kind === 'cast') return { ...outcome, observed: 'queued' };
    return { ...outcome, observed: 'handled', results: resultsOf(speech, method, result, answers) };
  } catch (error) {
    return { ...outcome, observed: nameOfError(error), reason: reasonOf(error) };
  }
}

/** What the caller got, in each of the versions that an answer may have had and this release speaks. */
function resultsOf(speech: Speech, method: MethodRecord, result: unknown, answers: readonly Version[]): Readonly<Record<Version, Json>> {
  const results: Record<Version, Json> = {};
  for (const version of answers) {
    if (!speech.contract.line.has(version)) continue;
    const json = speech.plain(method.returns, version, result);
    if (json !== undefined) results[version] = json;
  }
  return results;
}

/** At which version a method goes out while the pin is what it is, or with which code it is refused: by the versions alone. */
function predict(contract: Contract, method: MethodRecord, pin: Version): Pick<Sent, 'version' | 'predicted'> {
  if (contract.wireName(method, pin) !== undefined) return { version: pin, predicted: 'sent' };
  if (contract.line.indexOf(pin) >= contract.line.indexOf(method.since)) return { version: pin, predicted: 'UNKNOWN_METHOD' };
  return method.early ? { version: method.since, predicted: 'sent' } : { version: pin, predicted: 'PINNED' };
}
