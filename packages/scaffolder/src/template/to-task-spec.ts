/** A template and the values of its form become what a task does. */
import type { Entity, JsonObject } from '@callboard/model';
import type { TemplateInfo } from '@callboard/plugin';
import { TEMPLATE_API_VERSION, type TaskSpec, type Template } from './template.ts';

/** @param request.user who asks; its entity is what expressions see as `user.entity` */
export function toTaskSpec(request: {
  readonly template: Template;
  readonly values: JsonObject;
  readonly user?: { readonly entity?: Entity; readonly ref?: string };
}): TaskSpec {
  const { template, values, user } = request;
  const recovery = template.entity.spec?.['EXPERIMENTAL_recovery'];
  return {
    apiVersion: TEMPLATE_API_VERSION,
    parameters: values,
    steps: template.steps,
    output: template.output,
    templateInfo: toTemplateInfo(template),
    ...(user === undefined ? {} : { user }),
    ...(template.approval === null ? {} : { 'callboard:approval': template.approval }),
    ...(isRecovery(recovery) ? { EXPERIMENTAL_recovery: recovery } : {}),
  };
}

/** What actions learn of the template that they are a step of. */
function toTemplateInfo({ ref, baseUrl, entity }: Template): TemplateInfo {
  return {
    entityRef: ref,
    ...(baseUrl === null ? {} : { baseUrl }),
    entity: { metadata: entity.metadata },
  };
}

function isRecovery(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
