/** Whether an image is the one before the patch with one layer more: same machine, same settings, same lower layers. */
import { isDeepStrictEqual } from 'node:util';
import { isObject } from '@callboard/model';
import type { Image } from '../image/image.ts';

/** What is not the base with one layer on it. */
export function lineageChanges(base: Image, patched: Image): readonly string[] {
  const problems: string[] = [];
  const [old, now] = [base.config, patched.config];
  if (old.os !== now.os || old.architecture !== now.architecture || old.variant !== now.variant) {
    problems.push(`it is for ${now.os}/${now.architecture}, not ${old.os}/${old.architecture}`);
  }
  const kept = base.manifest.layers.every(
    (layer, at) => patched.manifest.layers[at]?.digest === layer.digest,
  );
  const keptContent = old.diffIds.every((diffId, at) => now.diffIds[at] === diffId);
  if (!kept || !keptContent) problems.push('its lower layers are not those of the image before');
  const more = patched.manifest.layers.length - base.manifest.layers.length;
  if (more !== 1 || now.diffIds.length !== patched.manifest.layers.length) {
    problems.push(`it has ${more} layers more than the image before, not one`);
  }
  return problems;
}

/** Settings that are not what they were; labels and environment by name. Ours are labels that the patch may set. */
export function configChanges(base: Image, patched: Image, ours: readonly string[]): readonly string[] {
  const [old, now] = [base.config.run, patched.config.run];
  const problems: string[] = [];
  for (const key of namesOf(old, now)) {
    if (key === 'Labels' || isSame(old[key], now[key])) continue;
    problems.push(`${key} was ${said(old[key])} and is ${said(now[key])}`);
  }
  const [oldLabels, nowLabels] = [labelsOf(old['Labels']), labelsOf(now['Labels'])];
  for (const name of namesOf(oldLabels, nowLabels)) {
    if (ours.includes(name) || oldLabels[name] === nowLabels[name]) continue;
    problems.push(`the label ${name} was ${said(oldLabels[name])} and is ${said(nowLabels[name])}`);
  }
  return problems;
}

function namesOf(
  old: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): readonly string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].toSorted();
}

function labelsOf(labels: unknown): Readonly<Record<string, unknown>> {
  return isObject(labels) ? labels : {};
}

/** Engines write what is not set in several ways, which all mean the same. */
function isSame(old: unknown, now: unknown): boolean {
  return (isUnset(old) && isUnset(now)) || isDeepStrictEqual(old, now);
}

function isUnset(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function said(value: unknown): string {
  return value === undefined ? 'not set' : JSON.stringify(value).slice(0, 200);
}
