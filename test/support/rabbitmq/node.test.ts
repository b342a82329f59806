import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { until } from '../../conformance/ground.js';

const SCRIPT = `
  const { startRabbit } = await import(${JSON.stringify(new URL('./index.js', import.meta.url).href)});
  const node = await startRabbit({ prefix: 'lynchpin-orphan' });
  process.stdout.write(JSON.stringify({ pid: node.pid, folder: node.folder }));
  setInterval(() => {}, 1_000);`;

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a private RabbitMQ node', () => {
  it('does not outlive the process that started it, even one that is killed, and leaves no data', async function () {
    this.timeout(120_000);
    const parent = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    const { pid, folder } = JSON.parse(output.toString()) as { pid: number; folder: string };
    assert.ok(alive(pid));
    assert.ok(existsSync(folder));
    parent.kill('SIGKILL');
    await until(
      () => alive(pid),
      (running) => !running,
    );
    await until(
      () => existsSync(folder),
      (there) => !there,
    );
  });
});
