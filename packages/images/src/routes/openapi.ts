/** The OpenAPI document of the REST API for golden images. */
import { openApiOf, type OpenApiDocument } from '@callboard/kernel/openapi';
import { FINDING_PATHS, FINDING_SCHEMAS } from './openapi-findings.ts';
import { GOLDEN_PATHS, GOLDEN_SCHEMAS } from './openapi-golden.ts';
import { PATCH_PATHS, PATCH_REQUEST_SCHEMAS } from './openapi-patch-paths.ts';
import { PATCH_SCHEMAS } from './openapi-patch-schemas.ts';

const DESCRIPTION = `Golden images: findings about them, the patches that end those, and the proof of each patch. Times are
milliseconds since 1970.`;

/** Plain data that can be written as JSON, OpenAPI 3.1. */
export function imagesOpenApi(): OpenApiDocument {
  return openApiOf({
    title: 'images',
    description: DESCRIPTION,
    tags: [
      { name: 'Golden images', description: 'Images that others are built on.' },
      { name: 'Findings', description: 'What scanners say.' },
      { name: 'Patches', description: 'Runs of the pipeline, and what is kept of them.' },
      { name: 'Status', description: 'The room itself.' },
    ],
    paths: { ...GOLDEN_PATHS, ...FINDING_PATHS, ...PATCH_PATHS },
    schemas: { ...GOLDEN_SCHEMAS, ...FINDING_SCHEMAS, ...PATCH_REQUEST_SCHEMAS, ...PATCH_SCHEMAS },
  });
}
