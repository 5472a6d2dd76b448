/** The routes about templates before they run: their forms, actions, expressions, suggestions, and what is wrong with them. */
import type { FastifyInstance } from 'fastify';
import { CodedError, messageOf } from '@callboard/kernel';
import { formatDiagnostic, stringifyRef, type Entity } from '@callboard/model';
import { parameterSchema } from '../form/parameter-schema.ts';
import type { Template } from '../template/template.ts';
import { parseAutocomplete, parseLint } from './bodies.ts';
import { formUserOf } from './form-user-of.ts';
import type { ScaffolderRoutesDeps } from './deps.ts';
import { routeError } from './errors.ts';
import { refuseQuery } from './query.ts';

type OfTemplate = {
  Params: { readonly namespace: string; readonly kind: string; readonly name: string };
};
type OfProvider = { Params: { readonly provider: string; readonly resource: string } };

/** Bytes of the YAML of a template, as JSON. */
const LINT_LIMIT = 2 * 1024 * 1024;
const FIRST_MISTAKES = 5;

export interface TemplateRoutesDeps extends ScaffolderRoutesDeps {
  readonly templates: TemplateLookup;
}

export function templateRoutes(app: FastifyInstance, deps: TemplateRoutesDeps): void {
  const { engine, customFields = () => [], whoOf, catalog } = deps;

  app.get<OfTemplate>('/v2/templates/:namespace/:kind/:name/parameter-schema', async (request) => {
    const { url, params } = request;
    refuseQuery(url);
    if (params.kind.toLowerCase() !== 'template') {
      throw routeError('scaffolder/invalid-parameter', 'The kind must be template: nothing else has a form.');
    }
    const template = await deps.templates.find(stringifyRef(params));
    const [{ actions, forms, fields }, who, custom] = await Promise.all([
      engine(),
      whoOf(request),
      customFields(),
    ]);
    return parameterSchema(template, {
      actions,
      fields: [...Object.keys(fields), ...custom],
      expanded: forms.expand(template),
      user: await formUserOf(who, catalog),
    });
  });

  app.get('/v2/actions', async ({ url }) => {
    refuseQuery(url);
    const { actions } = await engine();
    return actions.list().map(({ id, description, examples, schema, supportsDryRun }) => ({
      id,
      ...(description !== undefined && { description }),
      ...(examples !== undefined && {
        examples: examples.map((one) => ({ description: one.description ?? '', example: one.example })),
      }),
      ...(schema !== undefined && { schema }),
      supportsDryRun: supportsDryRun === true,
    }));
  });

  app.get('/v2/templating-extensions', async ({ url }) => {
    refuseQuery(url);
    return (await engine()).templating.listExtensions();
  });

  app.post<OfProvider>('/v2/autocomplete/:provider/:resource', async ({ url, params, body }) => {
    refuseQuery(url);
    const { provider, resource } = params;
    const { token, context } = parseAutocomplete(body);
    const { autocomplete } = await engine();
    const suggest = Object.hasOwn(autocomplete, provider) ? autocomplete[provider] : undefined;
    if (suggest === undefined) {
      const known = Object.keys(autocomplete).toSorted().join(', ') || 'there are none';
      const message = `Nothing makes suggestions as ${JSON.stringify(provider.slice(0, 60))}; known: ${known}.`;
      throw routeError('scaffolder/unknown-provider', message);
    }
    try {
      const { results } = await suggest({ resource, token, context });
      return { results };
    } catch (error) {
      if (error instanceof CodedError) throw error;
      const why = messageOf(error).replaceAll(token, '***').slice(0, 500);
      // The cause may hold the token, and would be logged.
      throw routeError('scaffolder/autocomplete-failed', `${provider} gave no suggestions: ${why}`);
    }
  });

  app.post('/v2/lint', { bodyLimit: LINT_LIMIT }, async ({ url, body }) => {
    refuseQuery(url);
    const text = parseLint(body);
    const [tools, fields] = await Promise.all([engine(), customFields()]);
    return { diagnostics: await tools.lint({ text, fields }) };
  });
}

export interface TemplateLookup {
  /** @throws CodedError 404 `scaffolder/template-not-found`, 400 `scaffolder/template-unusable` */
  find(ref: string): Promise<Template>;
  /** @throws CodedError 400 `scaffolder/template-unusable` */
  parse(entity: unknown): Template;
}

/** A template is parsed again when the catalog has another object for it. */
export function createTemplateLookup({
  catalog,
  parseTemplate,
}: Pick<ScaffolderRoutesDeps, 'catalog' | 'parseTemplate'>): TemplateLookup {
  const parsed = new WeakMap<Entity, Template>();
  const parse = (entity: unknown): Template => {
    const { template, diagnostics } = parseTemplate(entity);
    if (template !== null) return template;
    const mistakes = diagnostics.filter(({ severity }) => severity === 'error');
    const shown = mistakes.slice(0, FIRST_MISTAKES).map(formatDiagnostic).join('\n');
    throw routeError('scaffolder/template-unusable', `The template cannot be used:\n${shown}`);
  };
  return {
    parse,
    find: async (ref) => {
      const entity = await catalog.entity(ref);
      if (entity === null) {
        const shown = JSON.stringify(ref.slice(0, 200));
        throw routeError('scaffolder/template-not-found', `There is no template ${shown}.`);
      }
      const template = parsed.get(entity) ?? parse(entity);
      parsed.set(entity, template);
      return template;
    },
  };
}
