import type { Duplex } from 'node:stream';

/**
 * Has a socket write once for all that is written within one tick. Without it every frame is a system call of its own,
 * and those are more than two fifths of what a busy process does.
 */
export function coalesceWrites(socket: Duplex): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let corked = false;
  const flush = (): void => {
    corked = false;
    socket.uncork();
  };
  socket.write = ((...args: unknown[]): boolean => {
    if (!corked) {
      corked = true;
      socket.cork();
      process.nextTick(flush);
    }
    return write(...args);
  }) as Duplex['write'];
}
