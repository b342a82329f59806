import { gunzipSync } from 'node:zlib';

/** The regular files of a gzipped tar archive, by path. Links, devices and folders are left out. */
export function filesOfTarball(tarball: Buffer): ReadonlyMap<string, Buffer> {
  const tar = gunzipSync(tarball);
  const files = new Map<string, Buffer>();
  let longName: string | undefined;
  for (let at = 0; at + 512 <= tar.length; ) {
    const header = tar.subarray(at, at + 512);
    if (header.every((byte) => byte === 0)) break;
    const size = Number.parseInt(field(header, 124, 12).trim(), 8) || 0;
    const kind = field(header, 156, 1);
    const content = tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
    if (kind === 'x') longName = /\d+ path=(.*)\n/.exec(content.toString('utf8'))?.[1];
    else if (kind === 'L') longName = content.toString('utf8').replace(/\0.*$/s, '');
    else if (kind !== 'g') {
      const prefix = field(header, 257, 5) === 'ustar' ? field(header, 345, 155) : '';
      const name = longName ?? (prefix === '' ? field(header, 0, 100) : `${prefix}/${field(header, 0, 100)}`);
      longName = undefined;
      if (kind === '0' || kind === '') files.set(name, content);
    }
  }
  return files;
}

function field(header: Buffer, from: number, length: number): string {
  return header
    .subarray(from, from + length)
    .toString('utf8')
    .replace(/\0.*$/s, '');
}
