import type { Compose, Request } from '../../harness/load/index.js';

/** What a client of the releases sends. `directed` is `place`, to one server by name; `gift` is `place` with a field that only 1.4 has. */
export type Kind = 'place' | 'gift' | 'ship' | 'audit' | 'insure' | 'refresh' | 'split' | 'merge' | 'directed';

/** Makes the messages of a load: one kind after the other. */
export function mix(kinds: readonly Kind[], order: object, settings: Readonly<Record<string, unknown>>): Compose {
  const timeout = Number(settings['timeout'] ?? 8_000);
  const work = settings['busy'];
  const servers = (settings['servers'] as readonly string[] | undefined) ?? [];
  return (reference, count): Request => {
    const kind = kinds[count % kinds.length]!;
    const busy = work === undefined ? count % 4 : Number(work);
    switch (kind) {
      case 'place':
        return {
          form: 'call',
          method: 'place',
          body: { reference, order, busy, priority: count % 5 === 0 ? 'urgent' : 'normal' },
          timeout,
        };
      case 'gift':
        return { form: 'call', method: 'place', body: { reference, order, busy, gift: true }, timeout };
      case 'directed':
        return { form: 'call', method: 'place', to: servers[count % servers.length]!, body: { reference, order, busy }, timeout };
      case 'ship':
      case 'audit':
      case 'insure':
        return { form: 'cast', method: kind, body: { reference, busy, carrier: count % 3 === 0 ? 'ship' : 'post' }, timeout };
      case 'refresh':
        return { form: 'fanout', method: kind, body: { reference, depth: count % 4 }, timeout };
      case 'split':
      case 'merge':
        return { form: 'call', method: kind, body: { reference, busy }, timeout };
    }
  };
}
