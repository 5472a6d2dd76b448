/** Mistakes in steps themselves: actions nobody has, conditions that decide nothing, ids twice, paths that lead out. */
import { didYouMean, isObject, type JsonValue } from '@callboard/model';
import { scanExpression } from './expression-scan.ts';
import { stepsOf, type Looking, type WrittenStep } from './looking.ts';
import { checkInput } from './input-rules.ts';

/** Which plugin brings actions that begin so. */
const PLUGINS: readonly (readonly [RegExp, string])[] = [
  [/^(?:publish:github(?:$|:)|github:)/, '@callboard/plugin-github'],
  [/^(?:publish:gitlab(?:$|:)|gitlab:)/, '@callboard/plugin-gitlab'],
];

export function checkSteps(looking: Looking): void {
  const seen = new Map<string, number>();
  for (const written of stepsOf(looking.spec)) {
    checkAction(looking, written);
    checkInput(looking, written);
    checkCondition(looking, written);
    checkPaths(looking, written);
    const first = seen.get(written.id);
    if (first !== undefined && typeof written.step['id'] === 'string') {
      looking.report({
        severity: 'warning',
        code: 'template/duplicate-step',
        summary: `Step ${written.index + 1} has the id '${written.id}', as step ${first + 1} does`,
        detail: `In expressions, steps.${written.id} is the one of them that ran last.`,
        path: [...written.path, 'id'],
      });
    }
    seen.set(written.id, first ?? written.index);
  }
}

function checkAction(looking: Looking, { action, path }: WrittenStep): void {
  if (action === null || looking.actions.find(action) !== null) return;
  const plugin = PLUGINS.find(([pattern]) => pattern.test(action))?.[1];
  const known = looking.actions.list().map(({ id }) => id);
  const brought =
    plugin === undefined ? undefined : `The plugin ${plugin} brings it: name it below 'plugins'.`;
  looking.report({
    severity: 'error',
    code: 'template/unknown-action',
    summary: `There is no action '${action}'`,
    detail:
      brought ??
      didYouMean(action, known) ??
      'A plugin, or a file below scaffolder.actions, has to bring it.',
    path: [...path, 'action'],
  });
}

/** A text is true unless it is empty: a condition has to be one expression and nothing else. */
function checkCondition(looking: Looking, { step, path, id }: WrittenStep): void {
  const condition = step['if'];
  const at = [...path, 'if'];
  if (condition === false || condition === '') {
    looking.report({
      severity: 'info',
      code: 'template/never-runs',
      summary: `The step '${id}' never runs`,
      path: at,
    });
    return;
  }
  if (typeof condition !== 'string') return;
  const { isDynamic, isSole } = scanExpression(condition);
  if (isSole || (isDynamic && condition.includes('{%'))) {
    const literal = /^\$\{\{-?\s*(["'])(.*)\1\s*-?\}\}$/.exec(condition)?.[2];
    if (literal !== undefined && literal !== '' && !/["']/.test(literal))
      alwaysRuns(looking, { at, id, why: '' });
    return;
  }
  const why = isDynamic
    ? 'With text or white space around it, the result of an expression is a text. Write one expression: ${{ a and b }}.'
    : `Write ${condition === 'false' || condition === 'true' ? `${condition} without quotes` : `\${{ ${condition.trim()} }}`}.`;
  if (condition.trim() !== 'true') alwaysRuns(looking, { at, id, why });
}

function alwaysRuns(
  looking: Looking,
  { at, id, why }: { readonly at: WrittenStep['path']; readonly id: string; readonly why: string },
): void {
  looking.report({
    severity: 'warning',
    code: 'template/always-runs',
    summary: `The condition of the step '${id}' is a text, and a text always holds`,
    detail: why === '' ? 'Write false or true without quotes.' : why,
    path: at,
  });
}

function checkPaths(looking: Looking, { step, path, action }: WrittenStep): void {
  const input = step['input'];
  if (action === null || !isObject(input) || !/^(?:fetch|workspace|fs|catalog):/.test(action)) return;
  const report = (key: string, value: JsonValue | undefined): void => {
    if (typeof value !== 'string' || !leadsOut(value)) return;
    looking.report({
      severity: 'error',
      code: 'template/path-outside',
      summary: `${key} leads out of the workspace: ${value}`,
      detail: 'Write a path relative to the workspace.',
      path: [...path, 'input', key],
    });
  };
  for (const key of ['targetPath', 'sourcePath', 'filePath']) report(key, input[key]);
  const { url } = input;
  if (action.startsWith('fetch:') && typeof url === 'string')
    checkUrl(looking, { url, path: [...path, 'input', 'url'] });
}

function checkUrl(
  looking: Looking,
  { url, path }: { readonly url: string; readonly path: WrittenStep['path'] },
): void {
  if (url.startsWith('/') || url.startsWith('file:')) {
    looking.report({
      severity: 'error',
      code: 'template/path-outside',
      summary: `A template cannot read ${url}: it is no address in its own folder and none on the web`,
      detail: 'Write a path relative to the template, as ./skeleton, or an https URL.',
      path,
    });
  } else if (leadsOut(url)) {
    looking.report({
      severity: 'info',
      code: 'template/url-above',
      summary: `${url} is above the folder of the template`,
      detail: 'This works when the template is read from a forge, and is refused when it is a file on disk.',
      path,
    });
  }
}

/** `..` behind an expression stays inside what that gives, as far as anybody can tell. */
function leadsOut(path: string): boolean {
  if (path.includes('://') || path.includes('${{')) return false;
  if (path.startsWith('/')) return true;
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
