/** A folder of this machine as a tar stream: GNU tar reads it, as Node reads no extended attributes. */
import { outputOf } from './program.ts';

/** Sorted, with every attribute, without following links. Rejects at its end when something could not be read. */
export function tarOfFolder(folder: string, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const format = ['--format=pax', '--pax-option=delete=atime,delete=ctime', '--sort=name', '--numeric-owner'];
  const kept = ['--xattrs', '--xattrs-include=*', '--warning=no-file-ignored'];
  return outputOf(['tar', '--create', '--file=-', ...format, ...kept, `--directory=${folder}`, '.'], {
    signal,
  });
}
