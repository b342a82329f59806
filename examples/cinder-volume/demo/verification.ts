import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Happening } from './scene/index.js';

const VERIFIER = fileURLToPath(new URL('./verifier/index.js', import.meta.url));

/** Has the journals of a folder reconciled by the verifier, a program of its own; answers whether they add up. */
export async function runVerifier(folder: string, leastCalls: number, tell: (happening: Happening) => void): Promise<boolean> {
  const verifier = spawn(process.execPath, [VERIFIER, folder, '--calls', String(leastCalls), '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(verifier, 'exit');
  for await (const line of createInterface({ input: verifier.stdout })) {
    const { ok, text, violations } = JSON.parse(line) as { ok: boolean; text: string; violations: readonly string[] };
    tell({ event: 'finding', ok, text });
    for (const violation of violations) tell({ event: 'problem', name: 'verifier', text: violation });
  }
  const [code] = (await ended) as [number | null];
  return code === 0;
}
