/** The routes of tasks: ask for one, look at it, and do something to it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Entity } from '@callboard/model';
import type { CheckedForm, FormToCheck } from '../form/check-form.ts';
import type { ValueError } from '../form/validate-values.ts';
import type { Task, TaskFilter } from '../tasks/task.ts';
import { toTaskSpec } from '../template/to-task-spec.ts';
import { parseDryRun, parseRetry, parseScaffold } from './bodies.ts';
import type { Who } from './deps.ts';
import { routeError } from './errors.ts';
import { stopWhenGone } from './event-routes.ts';
import { formUserOf } from './form-user-of.ts';
import { refuseUnlessMay, type TaskDeed } from './may.ts';
import { parseCreatedQuery, parseTaskId, parseTaskQuery } from './parameters.ts';
import { refuseQuery } from './query.ts';
import type { TemplateRoutesDeps } from './template-routes.ts';
import { toWireCreated, toWireTask, type WireTask } from './wire.ts';

type OfTask = { Params: { readonly taskId: string } };

/** Bytes of the body of a dry-run: a template with everything beside it. */
const DRY_RUN_LIMIT = 10 * 1024 * 1024;

export function taskRoutes(app: FastifyInstance, deps: TemplateRoutesDeps): void {
  const { tasks, templates, memory, whoOf, engine } = deps;

  const wire = async (task: Task): Promise<WireTask> => {
    const [times, made] = await Promise.all([tasks.stepTimes(task.id), memory.createdBy(task.id)]);
    return toWireTask(task, { times, created: [...new Set(made.map(({ entityRef }) => entityRef))] });
  };

  /** The task that a request is about, when who sent it may do this to it. */
  const asked = async (
    request: FastifyRequest<OfTask>,
    deed: TaskDeed,
  ): Promise<{ readonly task: Task; readonly who: Who }> => {
    refuseQuery(request.url);
    const who = await whoOf(request);
    const task = await tasks.get(parseTaskId(request.params.taskId));
    refuseUnlessMay(who, deed, task);
    return { task, who };
  };

  app.get('/v2/tasks', async ({ url }) => {
    const filter = parseTaskQuery(url);
    const { tasks: found, total } = await list(filter);
    return { tasks: found.map((task) => toWireTask(task)), totalTasks: total };
  });

  const list = async (filter: TaskFilter & { readonly limit: number }): ReturnType<typeof tasks.list> => {
    if (filter.limit > 0) return tasks.list(filter);
    return { ...(await tasks.list({ ...filter, limit: 1 })), tasks: [] };
  };

  app.post('/v2/tasks', async (request, reply) => {
    refuseQuery(request.url);
    const who = await whoOf(request);
    const { templateRef, values, secrets } = parseScaffold(request.body);
    const template = await templates.find(templateRef);
    const checked = await checkValues({ template, values, secrets }, { who, reply });
    if (checked.errors.length > 0) return reply.code(400).send(refusal(checked.errors));
    const { id } = await tasks.create({
      spec: toTaskSpec({ template, values: checked.values, user: await userOf(who) }),
      secrets: withToken({ ...secrets, ...checked.passwords }, who),
      createdBy: who.ref,
      templateVersion: template.version,
      credentials: who.credentials,
    });
    return reply.code(201).send({ id });
  });

  const checkValues = async (
    form: Pick<FormToCheck, 'template' | 'values' | 'secrets'>,
    { who, reply }: { readonly who: Who; readonly reply: FastifyReply },
  ): Promise<CheckedForm> => {
    const stop = new AbortController();
    stopWhenGone(reply, stop);
    const [{ forms }, user] = await Promise.all([engine(), formUserOf(who, deps.catalog)]);
    return forms.check({ ...form, user, signal: stop.signal });
  };

  /** Of who asks; empty for a service. */
  const userOf = async ({ kind, ref }: Who): Promise<{ readonly entity?: Entity; readonly ref?: string }> => {
    if (kind !== 'user' || ref === null) return {};
    const entity = await deps.catalog.entity(ref);
    return { ref, ...(entity !== null && { entity }) };
  };

  app.get<OfTask>('/v2/tasks/:taskId', async ({ url, params }) => {
    refuseQuery(url);
    return wire(await tasks.get(parseTaskId(params.taskId)));
  });

  app.post<OfTask>('/v2/tasks/:taskId/cancel', async (request) => {
    const { task } = await asked(request, 'cancel');
    const { status } = await tasks.cancel(task.id);
    return { status };
  });

  app.post<OfTask>('/v2/tasks/:taskId/retry', async (request, reply) => {
    const { task, who } = await asked(request, 'retry');
    const { secrets } = parseRetry(request.body);
    const errors = await secretErrors(task, secrets);
    if (errors.length > 0) return reply.code(400).send(refusal(errors));
    const { credentials } = who;
    const { id } = await tasks.retry(task.id, { secrets: withToken(secrets, who), credentials });
    return reply.code(201).send({ id });
  });

  /** Against the template as it is now; one that is gone asks for nothing. */
  const secretErrors = async (
    { spec }: Task,
    secrets: Readonly<Record<string, string>>,
  ): Promise<readonly ValueError[]> => {
    const ref = spec.templateInfo?.entityRef;
    const entity = ref === undefined ? null : await deps.catalog.entity(ref);
    const template = entity === null ? null : deps.parseTemplate(entity).template;
    if (template === null) return [];
    const { forms } = await engine();
    return forms.secretErrors({ template, values: spec.parameters, secrets });
  };

  app.post<OfTask>('/v2/tasks/:taskId/pause', async (request) => {
    const { task, who } = await asked(request, 'pause');
    return wire(await tasks.pause(task.id, who.ref ?? 'nobody'));
  });

  app.post<OfTask>('/v2/tasks/:taskId/resume', async (request) => {
    const { task } = await asked(request, 'resume');
    return wire(await tasks.resume(task.id));
  });

  app.get<OfTask>('/v2/tasks/:taskId/base', { exposeHeadRoute: false }, async ({ url, params }, reply) => {
    refuseQuery(url);
    const { id } = await tasks.get(parseTaskId(params.taskId));
    const archive = await memory.base(id);
    if (archive === null) {
      const message = `What the template wrote in the task ${id} is not kept, so there is nothing to compare with.`;
      throw routeError('scaffolder/base-not-kept', message);
    }
    return reply.type('application/gzip').send(Buffer.from(archive));
  });

  app.get('/v2/created', async ({ url }) => {
    const made = await memory.createdFrom(parseCreatedQuery(url));
    const items = made.map(async (one) => toWireCreated(one, await currentVersion(one.templateRef)));
    return { items: await Promise.all(items) };
  });

  /** Null when the template is gone, or cannot be used. */
  const currentVersion = async (ref: string | null): Promise<string | null> => {
    const entity = ref === null ? null : await deps.catalog.entity(ref);
    return entity === null ? null : (deps.parseTemplate(entity).template?.version ?? null);
  };

  app.post('/v2/dry-run', { bodyLimit: DRY_RUN_LIMIT }, async (request, reply) => {
    refuseQuery(request.url);
    const who = await whoOf(request);
    const { template: entity, values, secrets, files } = parseDryRun(request.body);
    const template = templates.parse(entity);
    const tools = await engine();
    const checked = await checkValues({ template, values, secrets }, { who, reply });
    if (checked.errors.length > 0) return reply.code(400).send(refusal(checked.errors));
    const stop = new AbortController();
    stopWhenGone(reply, stop);
    return tools.dryRun({
      spec: toTaskSpec({ template, values: checked.values, user: await userOf(who) }),
      secrets: withToken({ ...secrets, ...checked.passwords }, who),
      files,
      signal: stop.signal,
      credentials: async () => who.credentials,
    });
  });
}

/** Backstage's name for the token of who asks, which templates use. */
function withToken(
  secrets: Readonly<Record<string, string>>,
  { token }: Who,
): Readonly<Record<string, string>> {
  return token === undefined ? secrets : { ...secrets, backstageToken: token };
}

function refusal(errors: readonly ValueError[]): { readonly errors: readonly ValueError[] } {
  return { errors };
}
