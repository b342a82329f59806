import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { health, LynchpinError, type Bus, type Version } from 'lynchpin';

/** What users are served from. */
export interface Shop {
  /** The version that users are shown. It never goes down, whichever process they ask. */
  shown(): Promise<Version>;
  /** What there is of an item, as that version tells it. */
  find(item: string, version: Version): Promise<object>;
}

/**
 * Serves users over HTTP, and the load balancer's probes beside them. Once the process is told to stop, the requests that are
 * in hand are answered, and then it stops listening.
 */
export async function serveUsers(bus: Bus, port: number, shop: Shop): Promise<void> {
  const probes = health(bus);
  const answer = async (url: URL, response: ServerResponse): Promise<void> => {
    const version = await shop.shown();
    const [, page, item = ''] = url.pathname.split('/');
    if (page === 'version') return write(response, 200, { version });
    if (page === 'stock') return write(response, 200, { version, ...(await shop.find(item, version)) });
    write(response, 404, { error: 'not found' });
  };
  const server = createServer((request: IncomingMessage, response) =>
    probes(request, response, () => {
      answer(new URL(request.url ?? '/', 'http://shop'), response).catch((error: unknown) =>
        write(response, 503, { error: LynchpinError.is(error) ? error.code : 'FAILED' }),
      );
    }),
  );
  void bus.closed.then(() => server.close());
  server.listen(port);
  await once(server, 'listening');
}

function write(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
