/**
 * Says something that makes no test fail. A warning of the process is the one channel that every runner shows and none takes
 * for a result.
 */
export function tell(text: string): void {
  process.emitWarning(text, 'LynchpinCompat');
}
