/** The OpenAPI document of the REST API for software templates. */
import { openApiOf, type OpenApiDocument } from '@callboard/kernel/openapi';
import { FORM_PATHS, FORM_SCHEMAS } from './openapi-form-routes.ts';
import { APPROVAL_PATHS, TASK_PATHS, TEMPLATE_PATHS } from './openapi-paths.ts';
import { APPROVAL_SCHEMAS, TASK_SCHEMAS, TEMPLATE_SCHEMAS } from './openapi-schemas.ts';

const DESCRIPTION = `Software templates: their forms, the tasks that run them, and who has to agree. The operations of
Backstage's scaffolder, and more. The events of a task are also sent as server-sent events, by
\`GET /v2/tasks/{taskId}/eventstream?after=\`.`;

/** Plain data that can be written as JSON, OpenAPI 3.1. */
export function scaffolderOpenApi(): OpenApiDocument {
  return openApiOf({
    title: 'scaffolder',
    description: DESCRIPTION,
    tags: [
      { name: 'Templates', description: 'What can be asked for.' },
      { name: 'Tasks', description: 'What was asked for, and what became of it.' },
      { name: 'Approvals', description: 'What people have to agree to.' },
      { name: 'Status', description: 'The room itself.' },
    ],
    paths: { ...TEMPLATE_PATHS, ...FORM_PATHS, ...TASK_PATHS, ...APPROVAL_PATHS },
    schemas: { ...TEMPLATE_SCHEMAS, ...FORM_SCHEMAS, ...TASK_SCHEMAS, ...APPROVAL_SCHEMAS },
  });
}
