import { t } from 'lynchpin';
import type { Default } from 'lynchpin';

/** How a volume, or one attachment of it, stands towards its instance. */
export const ATTACH_STATUS = ['attached', 'attaching', 'detached', 'error_attaching', 'error_detaching', 'reserved', 'deleted'] as const;

export const attachStatus = t.nullable(t.enum(ATTACH_STATUS));
export type AttachStatus = Default<(typeof ATTACH_STATUS)[number] | null>;
