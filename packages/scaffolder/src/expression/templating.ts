/**
 * Expressions of templates: `${{ … }}` in steps, and whole files. The language is Nunjucks as `nunjitsu` reads it, with
 * Backstage's filters; what a value becomes is Backstage's too. One instance serves all tasks of a portal.
 */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { TemplateFilterExtension, TemplateGlobalExtension } from '@callboard/plugin';
import { createTemplateRenderer, type PreparedTemplateContext, type TemplateRenderer } from 'nunjitsu';
import { defaultFilters } from './default-filters.ts';
import { callEngine, engineFilters, engineGlobals, hasMarks } from './engine.ts';
import { isLimitError, RenderError, type TextPosition } from './errors.ts';
import { listExtensions, type TemplatingExtensions } from './extensions.ts';
import type { KnownForge } from './repo-url.ts';
import { fromTemplateValue, mapTexts, toTemplateRecord, toTemplateValue } from './values.ts';

export interface TemplatingOptions {
  /** Of plugins, by name. */
  readonly filters?: Readonly<Record<string, TemplateFilterExtension>>;
  readonly globals?: Readonly<Record<string, TemplateGlobalExtension>>;
  /** Whose hosts `parseRepoUrl` takes, beside the public ones. Default: null, any host. */
  readonly forges?: readonly KnownForge[] | null;
  /** Milliseconds that the regular expressions of one text may take. Default: 1000. */
  readonly timeLimit?: number;
}

export interface Templating {
  /**
   * Names for expressions. Keys `__proto__`, `constructor` and `prototype` cannot be seen, at any depth.
   * @throws CodedError 400 `scaffolder/value-too-deep`
   */
  scope(context: JsonObject): Scope;
  /**
   * A value with its texts rendered, as Backstage does it: a text that is one single expression becomes what that is, any
   * other a text. Members and items that become undefined are left out. A text whose expression fails stays as it is and
   * is told to `onProblem`.
   * @throws RenderError `scaffolder/render-limit` when a text needs too much work, output or time
   * @throws CodedError 400 `scaffolder/value-too-deep`
   */
  render(value: JsonValue, options: RenderOptions): JsonValue | undefined;
  /** For the files of `fetch:template`. */
  createFileRenderer(options?: FileRendererOptions): FileRenderer;
  /** The answer of `GET /v2/templating-extensions`. */
  listExtensions(): TemplatingExtensions;
}

/** Names for expressions, never changed. */
export interface Scope {
  readonly prepared: PreparedTemplateContext;
  /** The scope with one value put at a place, which it may replace. */
  with(path: readonly string[], value: JsonValue): Scope;
}

export interface RenderOptions {
  readonly scope: Scope;
  /** Where the value is, as `steps[0].input`: the start of the paths of problems. */
  readonly at: string;
  /** For `always()` and `failure()`. Default: nothing failed. */
  readonly status?: RunStatus;
  /** Called for each text that was left as it is because it could not be rendered. */
  onProblem?(problem: RenderProblem): void;
}

/** What `always()` and `failure()` answer from, and whether somebody asked them. */
export interface RunStatus {
  readonly failed: boolean;
  asked: boolean;
}

/** An expression that was passed on as text. */
export interface RenderProblem {
  /** Path of the text, as `steps[0].input.message`. */
  readonly path: string;
  readonly position: TextPosition;
  /** What went wrong, one sentence. */
  readonly reason: string;
}

export interface FileRendererOptions {
  /** `{{ … }}` in place of `${{ … }}`, and Jinja's ways, for cookiecutter's templates. Default: false. */
  readonly cookiecutterCompat?: boolean | undefined;
  /** Drops the line break after a block tag. Default: false. */
  readonly trimBlocks?: boolean | undefined;
  /** Drops the blanks before a block tag that begins a line. Default: false. */
  readonly lstripBlocks?: boolean | undefined;
}

export interface FileRenderer {
  /**
   * The text with its expressions replaced. The same context object may be given again and again at no cost; it must not
   * be changed meanwhile.
   * @throws RenderError (400 `scaffolder/render-failed`, `scaffolder/render-limit`), message `line:column what`
   */
  render(text: string, context: JsonObject): string;
}

const NOTHING_FAILED: RunStatus = { failed: false, asked: false };

/** Makes the expressions of a portal. */
export function createTemplating(options: TemplatingOptions = {}): Templating {
  const { globals = {}, timeLimit = 1000 } = options;
  const filters = { ...defaultFilters(options.forges ?? null), ...options.filters };
  const capabilities = { filters: engineFilters(filters), globals: engineGlobals(globals) };
  // Rendering is synchronous, so the status of the one that goes on now is enough.
  let status: RunStatus = { ...NOTHING_FAILED };
  const steps = createTemplateRenderer({
    allowRegexExecution: true,
    filters: capabilities.filters,
    globals: {
      ...capabilities.globals,
      always: () => {
        status.asked = true;
        return true;
      },
      failure: () => {
        status.asked = true;
        return status.failed;
      },
    },
  });

  function renderText(text: string, scope: Scope): JsonValue | undefined {
    if (!hasMarks(text)) return text;
    const value = callEngine({ text, timeLimit, call: () => steps.renderValue(text, scope.prepared) });
    return value === undefined ? undefined : fromTemplateValue(value);
  }

  return {
    scope: (context) => toScope(steps.prepareContext(toTemplateRecord(context))),
    render(value, renderOptions) {
      const { scope, at } = renderOptions;
      status = renderOptions.status ?? { ...NOTHING_FAILED };
      return mapTexts(value, { at }, (text, path) => {
        try {
          return renderText(text, scope);
        } catch (thrown) {
          if (!(thrown instanceof RenderError) || isLimitError(thrown)) throw withPath(thrown, path);
          renderOptions.onProblem?.({ path, position: thrown.position, reason: thrown.reason });
          return text;
        }
      });
    },
    createFileRenderer: (fileOptions = {}) => toFileRenderer(capabilities, { ...fileOptions, timeLimit }),
    listExtensions: () => listExtensions(filters, globals),
  };
}

function toScope(prepared: PreparedTemplateContext): Scope {
  return {
    prepared,
    with: (path, value) => toScope(prepared.withValue(path, toTemplateValue(value))),
  };
}

function toFileRenderer(
  capabilities: Pick<Parameters<typeof createTemplateRenderer>[0] & object, 'filters' | 'globals'>,
  options: FileRendererOptions & { readonly timeLimit: number },
): FileRenderer {
  const { timeLimit, cookiecutterCompat = false, trimBlocks = false, lstripBlocks = false } = options;
  const renderer: TemplateRenderer = createTemplateRenderer({
    ...capabilities,
    allowRegexExecution: true,
    cookiecutterCompat,
    trimBlocks,
    lstripBlocks,
  });
  const contexts = new WeakMap<JsonObject, PreparedTemplateContext>();
  function prepared(context: JsonObject): PreparedTemplateContext {
    const known = contexts.get(context);
    if (known !== undefined) return known;
    const made = renderer.prepareContext(toTemplateRecord(context));
    contexts.set(context, made);
    return made;
  }
  return {
    render(text, context) {
      if (!hasMarks(text)) return text;
      return callEngine({ text, timeLimit, call: () => renderer.render(text, prepared(context)) });
    },
  };
}

/** Says in which text a limit was reached. */
function withPath(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof RenderError) || thrown.code !== 'scaffolder/render-limit') return thrown;
  const { reason, position } = thrown;
  return new RenderError('scaffolder/render-limit', { reason: `${path}: ${reason}`, position });
}
