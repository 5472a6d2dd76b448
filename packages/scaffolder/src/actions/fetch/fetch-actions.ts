/** The actions that bring content into the workspace, as it is or rendered. */
import type { Action } from '@callboard/plugin';
import { fetchPlain, fetchPlainFile } from './fetch-plain.ts';
import { fetchTemplateFile, workspaceTemplateFile } from './fetch-template-file.ts';
import { fetchTemplate, workspaceTemplate, type FetchDeps } from './fetch-template.ts';

/** `fetch:plain`, `fetch:template` and their kin, `workspace:template` and its. */
export function createFetchActions(deps: FetchDeps): readonly Action[] {
  return [
    fetchPlain(deps.urls),
    fetchPlainFile(deps.urls),
    fetchTemplate(deps),
    fetchTemplateFile(deps),
    workspaceTemplate(deps),
    workspaceTemplateFile(deps),
  ];
}
