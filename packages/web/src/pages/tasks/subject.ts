/** What a task is about, in a word or two: the name that somebody typed into its form. */
import type { FormValues } from '../../api/scaffolder.ts';

/** Fields whose value tells one run of a template from another, the best first. */
const NAMING = ['name', 'component_id', 'componentId', 'component', 'title', 'repoUrl', 'repo', 'id'];
const LONGEST = 80;

/** Null when no value names it. */
export function subjectOf(values: FormValues): string | null {
  for (const key of NAMING) {
    const value = values[key];
    if (typeof value === 'string' && value.trim() !== '') return shortened(toRepoName(value.trim()));
  }
  return null;
}

/** The repository in what a RepoUrlPicker gives: `github.com?owner=o&repo=r`. */
function toRepoName(value: string): string {
  const query = /^[^/\s?]+\?(.+)$/.exec(value)?.[1];
  const repo = query === undefined ? null : new URLSearchParams(query).get('repo');
  return repo === null || repo === '' ? value : repo;
}

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
