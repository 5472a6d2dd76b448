/** `GET /problems`: what needs somebody. */
import type { FastifyInstance } from 'fastify';
import type { ProblemFinder } from '../problems.ts';
import { parseProblemsParameters } from '../query/status-parameters.ts';
import { rawQuery } from './entities.ts';

export function problemRoutes(app: FastifyInstance, problems: ProblemFinder): void {
  app.get('/problems', (request) => problems.list(parseProblemsParameters(rawQuery(request))));
}
