/** What is edited: a template and the files beside it, as they are in this browser. */
import { toBase64 } from './base64.ts';

export interface ProjectFile {
  /** Within the folder, with `/`. */
  readonly path: string;
  /** Null of a file that is not text. */
  readonly text: string | null;
  /** Of a file that is not text; null of one that is. */
  readonly base64: string | null;
  /** Where it can be saved to; null of what is only in this browser. */
  readonly handle: FileSystemFileHandle | null;
  /** Whether its text is another than where it came from. */
  readonly isChanged: boolean;
}

export interface Project {
  readonly name: string;
  /** The file with the template. */
  readonly templatePath: string;
  readonly files: readonly ProjectFile[];
  /** Files of the folder that are not here. */
  readonly leftOut: number;
}

/** What a template is called as a rule. */
const TEMPLATE_FILE = /(?:^|\/)template\.ya?ml$/i;
const YAML_FILE = /\.ya?ml$/i;
const TEMPLATE_API = /^apiVersion:\s*['"]?scaffolder\.backstage\.io\//m;

/** The file of a folder that holds its template, the one nearest to the root first; null when there is none. */
export function findTemplate(files: readonly ProjectFile[]): string | null {
  const yaml = files
    .filter(({ path, text }) => YAML_FILE.test(path) && text !== null && TEMPLATE_API.test(text))
    .map(({ path }) => path)
    .toSorted(
      (a, b) => depthOf(a) - depthOf(b) || Number(TEMPLATE_FILE.test(b)) - Number(TEMPLATE_FILE.test(a)),
    );
  return yaml[0] ?? null;
}

function depthOf(path: string): number {
  return path.split('/').length;
}

export function withText(project: Project, path: string, text: string): Project {
  const files = project.files.map((file) => (file.path === path ? { ...file, text, isChanged: true } : file));
  return { ...project, files };
}

/** Its text is kept elsewhere now. */
export function withSaved(project: Project, path: string): Project {
  const files = project.files.map((file) => (file.path === path ? { ...file, isChanged: false } : file));
  return { ...project, files };
}

export function textOf(project: Project, path: string): string | null {
  return project.files.find((file) => file.path === path)?.text ?? null;
}

/** The files as a dry-run takes them: their paths seen from the folder of the template. */
export function toDryRunFiles(
  project: Project,
): readonly { readonly path: string; readonly base64: string }[] {
  const folder = project.templatePath.replace(/[^/]*$/, '');
  return project.files
    .filter(({ path }) => path.startsWith(folder))
    .map(({ path, text, base64 }) => ({
      path: path.slice(folder.length),
      base64: base64 ?? toBase64(text ?? ''),
    }));
}
