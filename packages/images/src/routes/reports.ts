/** `POST /reports`: takes a report of a scanner as it is, whatever its content type says. */
import { CodedError, toWireError } from '@callboard/kernel';
import { isObject, type Diagnostic } from '@callboard/model';
import type { FastifyInstance } from 'fastify';
import type { Images } from '../images.ts';
import { MAX_REPORT_BYTES } from '../receive/read-json.ts';
import { routeError } from './errors.ts';
import { parseReportName } from './parameters.ts';

/** In a scope of its own: other bodies of the room are JSON and small. */
export async function reportRoutes(app: FastifyInstance, images: Pick<Images, 'takeReport'>): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_REPORT_BYTES }, (_request, bytes, done) =>
    done(null, bytes),
  );

  app.post('/reports', { bodyLimit: MAX_REPORT_BYTES }, async (request, reply) => {
    const name = parseReportName(request.url);
    const { body } = request;
    if (!Buffer.isBuffer(body) || body.length === 0) {
      throw routeError('images/invalid-body', 'The body is empty. Send the report as the scanner wrote it.');
    }
    try {
      return await images.takeReport(body, { name });
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'images/report-unusable') throw error;
      const wire = { ...toWireError(error, request), diagnostics: diagnosticsOf(error.cause) };
      return reply.code(error.status).send(wire);
    }
  });
}

/** The cause of `images/report-unusable` may be the list of what is wrong; empty when it is something else. */
function diagnosticsOf(cause: unknown): readonly Diagnostic[] {
  return Array.isArray(cause) ? cause.filter(isDiagnostic) : [];
}

function isDiagnostic(value: unknown): value is Diagnostic {
  return (
    isObject(value) &&
    typeof value['severity'] === 'string' &&
    typeof value['code'] === 'string' &&
    typeof value['summary'] === 'string'
  );
}
