import { EXIT, Refusal } from '../exit.js';
import { run } from './run.js';

/** A file of a baseline: its path below the recording's folder, and its content. */
export interface BaselineFile {
  readonly path: string;
  readonly content: Buffer;
}

/** What a baseline holds. */
export interface Files {
  /** For messages: `git:origin/main at 1f2e3d4`. */
  readonly origin: string;
  readonly files: readonly BaselineFile[];
}

/**
 * The recording's files at the merge base of a ref and HEAD: what both sides began with, so that what others have landed since
 * does not count as a change of ours.
 * @param folder the project's.
 * @param recording the recording's folder, seen from there.
 */
export async function gitFiles(folder: string, recording: string, ref: string): Promise<Files> {
  const git = (args: readonly string[], input = '') => run('git', args, folder, { input });
  const inside = await git(['rev-parse', '--show-prefix']);
  if (inside.code === undefined) throw new Refusal(`git cannot be started: ${inside.err}`);
  if (inside.code !== 0) throw new Refusal(`${folder} is in no git repository, so there is no git:${ref} to compare with`);
  const [head, commit] = [await commitOf(git, 'HEAD'), await commitOf(git, ref)];
  const shallow = text(await git(['rev-parse', '--is-shallow-repository'])) === 'true';
  if (head === undefined) throw unknown('this repository has no commit yet, so there is no baseline');
  if (commit === undefined) throw unknown(await missing(git, ref, shallow));
  const base = text(await git(['merge-base', commit, head]));
  if (base === '') throw unknown(shallow ? unrelated(ref) : `${ref} and HEAD have no commit in common, so there is no baseline`);
  const short = text(await git(['rev-parse', '--short', base]));
  return { origin: `git:${ref} at ${short}`, files: await filesAt(git, base, recording) };
}

type Git = (args: readonly string[], input?: string) => ReturnType<typeof run>;

const text = ({ code, out }: { readonly code: number | undefined; readonly out: Buffer }): string =>
  code === 0 ? out.toString('utf8').trim() : '';

function unknown(message: string): Refusal {
  return new Refusal(message, EXIT.unknown);
}

async function commitOf(git: Git, ref: string): Promise<string | undefined> {
  const found = text(await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]));
  return found === '' ? undefined : found;
}

/** Says what to fetch so that the ref can be read. */
async function missing(git: Git, ref: string, shallow: boolean): Promise<string> {
  const head = `there is no commit ${ref} here`;
  const steps = stepsBack(ref);
  if (steps !== undefined) {
    return shallow
      ? `${head}: this is a shallow clone, and its history ends before that. Fetch more of it:\n\n    git fetch --deepen=${steps}\n`
      : `${head}: the history does not go back that far, so there is no baseline`;
  }
  const remotes = text(await git(['remote']))
    .split('\n')
    .filter((name) => name !== '');
  const fetch = fetchOf(ref, remotes);
  if (fetch === undefined) return `${head}, and no remote to fetch it from`;
  return `${head}${shallow ? ': this is a shallow clone, which holds only a part of what its remote has' : ''}. Fetch it:\n\n    ${fetch}${shallow ? ' --unshallow' : ''}\n`;
}

/** How many commits before its beginning a ref lies: 2 for `HEAD~2`, 1 for `HEAD^`. */
function stepsBack(ref: string): number | undefined {
  const match = /^(?:HEAD|@)((?:~\d*|\^1?)+)$/.exec(ref);
  if (match?.[1] === undefined) return undefined;
  return [...match[1].matchAll(/~(\d*)|\^/g)].reduce((sum, [step, count]) => sum + (step === '^' || count === '' ? 1 : Number(count)), 0);
}

/** The command that brings a ref, with its name here spelt out: clones of one branch fetch no other by themselves. */
function fetchOf(ref: string, remotes: readonly string[]): string | undefined {
  const [first] = remotes.includes('origin') ? ['origin'] : remotes;
  if (first === undefined) return undefined;
  const bare = ref.replace(/(?:~\d*|\^\d*)+$/, '');
  const remote = remotes.find((name) => bare.startsWith(`${name}/`));
  if (remote !== undefined) {
    const branch = bare.slice(remote.length + 1);
    return `git fetch ${remote} +refs/heads/${branch}:refs/remotes/${remote}/${branch}`;
  }
  if (/^[0-9a-f]{7,40}$/.test(bare)) return `git fetch ${first} ${bare}`;
  if (/^v?\d+\.\d+/.test(bare) || bare.startsWith('refs/tags/')) {
    const tag = bare.replace('refs/tags/', '');
    return `git fetch ${first} +refs/tags/${tag}:refs/tags/${tag}`;
  }
  return `git fetch ${first} +refs/heads/${bare}:refs/heads/${bare}`;
}

function unrelated(ref: string): string {
  return `this is a shallow clone, and what it holds of ${ref} and of HEAD does not reach back to a commit that both have. Fetch the rest:\n\n    git fetch --unshallow\n`;
}

async function filesAt(git: Git, commit: string, recording: string): Promise<readonly BaselineFile[]> {
  // Paths are given from the folder that git is run in, and so are the names that it lists.
  const listed = await git(['ls-tree', '-r', '-z', commit, '--', `${recording}/`]);
  if (listed.code !== 0) throw new Refusal(`git cannot list ${recording}/ at ${commit}: ${listed.err.trim()}`);
  const blobs = listed.out
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const match = /^\d+ blob ([0-9a-f]+)\t(.*)$/s.exec(line);
      return match?.[1] === undefined || match[2] === undefined ? [] : [{ id: match[1], path: match[2].slice(recording.length + 1) }];
    });
  const { out, code, err } = await git(['cat-file', '--batch'], blobs.map(({ id }) => `${id}\n`).join(''));
  if (code !== 0) throw new Refusal(`git cannot read ${recording}/ at ${commit}: ${err.trim()}`);
  let at = 0;
  return blobs.map(({ id, path }) => {
    const end = out.indexOf('\n', at);
    const header = out.subarray(at, end).toString('utf8').split(' ');
    const size = Number(header[2]);
    if (header[1] !== 'blob' || !Number.isSafeInteger(size))
      throw unknown(`git has no content for ${path} (${id}). Fetch it:\n\n    git fetch --refetch\n`);
    at = end + 1 + size + 1;
    return { path, content: out.subarray(end + 1, end + 1 + size) };
  });
}

/** The way from a repository's root to a folder, with a slash at its end; nothing outside of a repository. */
export async function prefixOf(folder: string): Promise<string> {
  return text(await run('git', ['rev-parse', '--show-prefix'], folder));
}
