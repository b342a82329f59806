import { isVersion, type Version } from '../../versions/index.js';
import type { Facts } from '../facts/facts.js';

/** The folder of each kind of entry. */
const FOLDERS = { object: 'objects', api: 'apis' } as const satisfies Record<Facts['kind'], string>;

/** The folders in which entries are. */
export const ENTRY_FOLDERS: readonly string[] = Object.values(FOLDERS);

/** What an entry's file is called, from the recording's folder: `objects/Volume/1.2.json`. */
export function pathOf({ kind, name, version }: Pick<Facts, 'kind' | 'name' | 'version'>): string {
  return `${FOLDERS[kind]}/${folderName(name)}/${version}.json`;
}

/** Which entry belongs into a file; undefined when none does. */
export function entryAt(path: string): { readonly kind: Facts['kind']; readonly name: string; readonly version: Version } | undefined {
  const [, folder, name, version] = /^(objects|apis)\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? [];
  if (name === undefined || !isVersion(version)) return undefined;
  const decoded = nameOf(name);
  return decoded === undefined ? undefined : { kind: folder === FOLDERS.api ? 'api' : 'object', name: decoded, version };
}

/** The name that a folder stands for; undefined when it stands for none. */
export function nameOf(folder: string): string | undefined {
  try {
    const name = decodeURIComponent(folder);
    return folderName(name) === folder ? name : undefined;
  } catch {
    return undefined;
  }
}

/** A name as that of a folder, on any system: names on the wire may hold what paths may not. */
export function folderName(name: string): string {
  return (
    encodeURIComponent(name)
      .replace(/^\.+|\.+$/g, (dots) => '%2E'.repeat(dots.length))
      .replaceAll('*', '%2A')
      // Windows has devices of these names in every folder, and nobody there could check the recording out.
      .replace(/^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i, (device) => `%${device.charCodeAt(0).toString(16)}${device.slice(1)}`)
  );
}
