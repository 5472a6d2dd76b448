/** Why the portal cannot listen where the configuration says, in words, with what to do about it. */
import { CodedError } from '@callboard/kernel';

/** The error of a system call of the network, as Node throws it. */
interface NetworkError {
  readonly code: string;
  readonly address?: unknown;
  readonly port?: unknown;
  readonly hostname?: unknown;
}

/** Errors of other kinds come back as they are. */
export function explainListening(thrown: unknown): unknown {
  if (!isNetworkError(thrown)) return thrown;
  const { code, address, port, hostname } = thrown;
  const where = `${String(address ?? hostname)}:${String(port)}`;
  const options = { cause: thrown };
  switch (code) {
    case 'EADDRINUSE':
      return new CodedError(
        500,
        'server/port-in-use',
        `Something listens on ${where} already, perhaps another portal. Stop it, or take another port: ` +
          `backend.listen.port in the configuration, or for once APP_CONFIG_backend_listen_port=${Number(port) + 1}`,
        options,
      );
    case 'EACCES':
      return new CodedError(
        500,
        'server/port-refused',
        `This user may not listen on ${where}. Take a port above 1023 for backend.listen.port, and let a proxy ` +
          'in front have the other one',
        options,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new CodedError(
        500,
        'server/host-unknown',
        `${String(address ?? hostname)} is no address of this machine. Correct backend.listen.host: 127.0.0.1 for this machine ` +
          'alone, 0.0.0.0 for everybody',
        options,
      );
    default:
      return thrown;
  }
}

function isNetworkError(thrown: unknown): thrown is Error & NetworkError {
  return (
    thrown instanceof Error &&
    'syscall' in thrown &&
    (thrown.syscall === 'listen' || thrown.syscall === 'getaddrinfo') &&
    'code' in thrown &&
    typeof thrown.code === 'string'
  );
}
