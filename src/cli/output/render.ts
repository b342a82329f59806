import type { ExitCode } from '../exit.js';
import { asGithub } from './github.js';
import { asJson } from './json.js';
import { asJunit } from './junit.js';
import { asMarkdown } from './markdown.js';
import type { Report } from './report.js';
import { asText, type Look } from './text.js';

/** How findings can be given. */
export const FORMATS = ['text', 'json', 'junit', 'github', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

/** How tables can be given. */
export const TABLE_FORMATS = ['text', 'json', 'markdown'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** What the formats need besides the findings. */
export interface Rendering extends Look {
  readonly exitCode: ExitCode;
  /** The way from the repository's root to the folder that was checked. */
  readonly prefix: string;
}

export function render(report: Report, format: Format, rendering: Rendering): string {
  switch (format) {
    case 'text':
      return asText(report, rendering);
    case 'json':
      return asJson(report, rendering.exitCode);
    case 'junit':
      return asJunit(report);
    case 'github':
      return asGithub(report, rendering.prefix);
    case 'markdown':
      return asMarkdown(report);
  }
}
