/** The body of an answer, as far as one is willing to hold it. */
import { gitlabError } from './errors.ts';

/** Bytes. A page of GitLab's API has 100 items. */
const MAX_BYTES = 16 * 1024 * 1024;

/** @throws CodedError `scaffolder/forge-answer` when it is too long */
export async function readText(response: Response): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (size > MAX_BYTES) {
      const message = `GitLab answered with more than ${MAX_BYTES} bytes, which is no answer to what was asked.`;
      throw gitlabError('scaffolder/forge-answer', message);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
