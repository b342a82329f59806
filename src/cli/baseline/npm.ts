import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { EXIT, Refusal } from '../exit.js';
import type { Files } from './git.js';
import { run } from './run.js';
import { filesOfTarball } from './tar.js';

/** How an npm baseline is meant: a release in a registry, or a package that lies on this disk. */
type Wanted = { readonly range: string; readonly spec: string } | { readonly path: string; readonly spec: string };

/**
 * The recording's files in a released package, as `npm pack` gives it. Nothing is installed and no script of it runs.
 * @param wanted what follows `npm:`: `orders@^1.4`, `./orders-1.4.2.tgz`, `file:../orders`.
 */
export async function npmFiles(
  folder: string,
  recording: string,
  wanted: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Files> {
  const { spec, ...rest } = wantedOf(folder, wanted);
  if ('path' in rest && !existsSync(rest.path)) throw new Refusal(`npm:${wanted}: ${rest.path} does not exist`, EXIT.unknown);
  const work = mkdtempSync(join(tmpdir(), 'lynchpin-npm-'));
  try {
    const { code, err } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', work, '--', spec], folder, {
      env,
    });
    if (code === undefined) throw new Refusal(`npm cannot be started: ${err}`);
    const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'));
    if (code !== 0 || tarball === undefined) {
      throw new Refusal(
        `npm could not get ${spec}, so there is no baseline:\n${err.trim() === '' ? `npm pack ended with ${code}` : err.trim()}`,
        EXIT.unknown,
      );
    }
    const files = filesOfTarball(readFileSync(join(work, tarball)));
    const { name = '', version = '' } = JSON.parse(files.get('package/package.json')?.toString('utf8') ?? '{}') as {
      name?: string;
      version?: string;
    };
    const prefix = `package/${recording}/`;
    return {
      origin: `npm:${name}@${version}`,
      files: [...files]
        .filter(([path]) => path.startsWith(prefix))
        .map(([path, content]) => ({ path: path.slice(prefix.length), content })),
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function wantedOf(folder: string, wanted: string): Wanted {
  const path = wanted.startsWith('file:') ? wanted.slice(5) : wanted;
  if (path !== wanted || /^\.{1,2}[/\\]/.test(path) || isAbsolute(path) || path.endsWith('.tgz')) {
    return { path: resolve(folder, path), spec: resolve(folder, path) };
  }
  const match = /^((?:@[\w.-]+\/)?[\w.-]+)(?:@(.*))?$/.exec(wanted);
  const range = match?.[2]?.trim() ?? '';
  if (match?.[1] === undefined) throw new Refusal(`npm:${wanted} names no package: write npm:orders@^1.4, or npm:./orders-1.4.2.tgz`);
  if (range === '')
    throw new Refusal(
      `npm:${wanted} says no version. Without one npm takes the dist-tag latest, which others move; write npm:${match[1]}@^1.4`,
    );
  // npm does not let a dist-tag look like a range, so what is no range is one.
  if (!/^(?:[\d~^<>=*]|[vx](?:[\d.\s]|$))/i.test(range)) {
    throw new Refusal(
      `npm:${wanted} names the dist-tag ${range}. A tag is moved by whoever publishes, so the same check could pass today and fail tomorrow; write a version or a range: npm:${match[1]}@^1.4`,
    );
  }
  return { range, spec: `${match[1]}@${range}` };
}
