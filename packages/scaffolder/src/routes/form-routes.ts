/**
 * The routes of forms: the fields that plugins declare, a form with those written out, what a field can be set to, and
 * whether what was entered so far would be taken.
 */
import type { FieldState, Resolution } from '@callboard/form';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Template } from '../template/template.ts';
import type { Who } from './deps.ts';
import { stopWhenGone } from './event-routes.ts';
import { parseCheckBody, parseExpandBody, parseOptionsBody, type AskedTemplate } from './form-bodies.ts';
import { formUserOf } from './form-user-of.ts';
import { refuseQuery } from './query.ts';
import type { TemplateRoutesDeps } from './template-routes.ts';
import { createTurns } from './turns.ts';

/** Bytes of a body: a template that is being written, and its values. */
const BODY_LIMIT = 2 * 1024 * 1024;

export function formRoutes(app: FastifyInstance, deps: TemplateRoutesDeps): void {
  const { engine, templates, whoOf, catalog } = deps;
  const turns = createTurns({ atOnce: 8, waiting: 256 });

  const find = async (asked: AskedTemplate): Promise<Template> =>
    'ref' in asked ? templates.find(asked.ref) : templates.parse(asked.entity);

  const inTurn = async <T>(
    { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
    work: (asked: { readonly who: Who; readonly signal: AbortSignal }) => Promise<T>,
  ): Promise<T> => {
    refuseQuery(request.url);
    const who = await whoOf(request);
    const stop = new AbortController();
    stopWhenGone(reply, stop);
    const { signal } = stop;
    return turns.take(who.ref ?? who.kind, { signal, work: () => work({ who, signal }) });
  };

  app.get('/v2/fields', async ({ url }) => {
    refuseQuery(url);
    const { fields, fieldPlugins = {} } = await engine();
    return {
      fields: Object.entries(fields).map(([name, { description, schema, examples = [] }]) => ({
        name,
        plugin: fieldPlugins[name] ?? null,
        description,
        schema,
        examples,
      })),
    };
  });

  app.post('/v2/forms/expand', { bodyLimit: BODY_LIMIT }, async ({ url, body }) => {
    refuseQuery(url);
    const { forms } = await engine();
    return forms.expand(await find(parseExpandBody(body)));
  });

  app.post('/v2/forms/options', { bodyLimit: BODY_LIMIT }, (request, reply) =>
    inTurn({ request, reply }, async ({ who, signal }) => {
      const { template, need, search } = parseOptionsBody(request.body);
      const [{ forms, sources }, user, found] = await Promise.all([
        engine(),
        formUserOf(who, catalog),
        find(template),
      ]);
      return sources.ask(need, { graph: await forms.graph(found), user, search, signal });
    }),
  );

  app.post('/v2/forms/check', { bodyLimit: BODY_LIMIT }, (request, reply) =>
    inTurn({ request, reply }, async ({ who, signal }) => {
      const { template, values, secrets } = parseCheckBody(request.body);
      const [{ forms }, user, found] = await Promise.all([
        engine(),
        formUserOf(who, catalog),
        find(template),
      ]);
      const checked = await forms.check({ template: found, values, secrets, user, signal });
      return { values: checked.values, errors: checked.errors, fields: toWireFields(checked.resolution) };
    }),
  );
}

type WireField = ReturnType<typeof toWireField>;

function toWireFields(resolution: Resolution | null): Readonly<Record<string, WireField>> {
  if (resolution === null) return {};
  return Object.fromEntries([...resolution.fields].map(([id, state]) => [id, toWireField(state)]));
}

function toWireField(state: FieldState) {
  const { isVisible, isDisabled, isRequired, isPresent, value, origin, suggested, options } = state;
  return {
    visible: isVisible,
    disabled: isDisabled,
    required: isRequired,
    present: isPresent,
    ...(value !== undefined && { value }),
    origin,
    ...(suggested !== undefined && { suggested }),
    options,
    replaced: state.replaced,
    problems: state.problems,
    reasons: state.reasons.map(({ result, read, ...reason }) => ({
      ...reason,
      ...(result !== undefined && { result }),
      read: Object.fromEntries(Object.entries(read).filter(([, one]) => one !== undefined)),
    })),
  };
}
