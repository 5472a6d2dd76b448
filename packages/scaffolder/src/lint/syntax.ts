/**
 * Asks the template engine itself whether it can read an expression, and which filters and tests it has. Nothing of the
 * template is run: what is parsed is thrown away, and only the error counts.
 */
import { createTemplateRenderer, TemplateRenderError, type TemplateRenderer } from 'nunjitsu';

export interface SyntaxProblem {
  readonly message: string;
  /** Characters into the text. */
  readonly index: number;
}

export interface Syntax {
  /** Null when the text can be read. */
  problemOf(text: string): SyntaxProblem | null;
  hasFilter(name: string): boolean;
  hasTest(name: string): boolean;
  /** Names for "did you mean". */
  readonly filters: readonly string[];
}

const BUILT_IN_FILTERS =
  'abs batch capitalize center default dictsort dump escape first float forceescape groupby indent int join last length list lower nl2br random reject rejectattr replace reverse round safe select selectattr slice sort string striptags sum title trim truncate upper urlencode urlize wordcount'.split(
    ' ',
  );
/** Backstage's own, which every template may use. */
const BACKSTAGE_FILTERS = ['parseRepoUrl', 'parseEntityRef', 'pick', 'projectSlug'];

/** A text may cost little to be looked at: parsing is cheap, evaluating an endless loop is not. */
const LIMITS = { workUnits: 50_000, outputCodeUnits: 100_000 };

export function createSyntax(options: {
  /** Beside those of the engine and Backstage's. */
  readonly filters: readonly string[];
  /** `{{ }}` and `cookiecutter.` instead of `${{ }}`. */
  readonly cookiecutter?: true;
}): Syntax {
  const added = [...BACKSTAGE_FILTERS, ...options.filters];
  const renderer = createTemplateRenderer({
    filters: Object.fromEntries(added.map((name) => [name, () => ''])),
    cookiecutterCompat: options.cookiecutter === true,
  });
  const [open, close] = options.cookiecutter === true ? ['{{', '}}'] : ['${{', '}}'];
  const known = new Map<string, boolean>();
  const knows = (source: string, complaint: string): boolean => {
    const answer = known.get(source) ?? !errorOf(renderer, source)?.message.includes(complaint);
    known.set(source, answer);
    return answer;
  };
  return {
    filters: [...added, ...BUILT_IN_FILTERS],
    problemOf: (text) => {
      const error = errorOf(renderer, text);
      if (error === null || error.phase !== 'parse') return null;
      return { message: plain(error.message), index: indexOf(text, error) };
    },
    hasFilter: (name) => knows(`${open} "" | ${name} ${close}`, 'Unknown template filter'),
    hasTest: (name) => knows(`${open} "" is ${name} ${close}`, 'Unknown template test'),
  };
}

function errorOf(renderer: TemplateRenderer, text: string): TemplateRenderError | null {
  try {
    renderer.render(text, {}, { limits: LIMITS });
    return null;
  } catch (error) {
    return error instanceof TemplateRenderError ? error : null;
  }
}

/** Without the position, which is one in the text and not in the file. */
function plain(message: string): string {
  return message.replace(/^Template error at line \d+, column \d+: /, '').replace(/\.$/, '');
}

function indexOf(text: string, { line = 1, column = 1 }: TemplateRenderError): number {
  const before = text.split('\n').slice(0, line - 1);
  const start = before.reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(start + column - 1, Math.max(0, text.length - 1));
}
