/** Starts the service, and ends it when it is told to. */
import { createService } from './server.ts';

const service = createService();
service.listen(Number(process.env.PORT ?? 8080));
process.on('SIGTERM', () => service.close());
