/** The commands in the `sh` blocks of a page. Lines that belong together are joined, remarks left out, `a && b` is two. */
export function commandsOf(page: string): string[] {
  return [...page.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)]
    .flatMap((block) => (block[1] ?? '').replaceAll('\\\n', ' ').split('\n'))
    .map((line) => line.replace(/(^|\s)#.*$/, '').replace(/\s+/g, ' '))
    .flatMap((line) => line.split(' && '))
    .map((command) => command.trim())
    .filter((command) => command !== '');
}
