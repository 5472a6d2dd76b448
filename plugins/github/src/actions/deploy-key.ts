/** `github:deployKey:create`: lets a key read a repository, and keeps its private half as a secret of the repository. */
import { defineAction, type Action } from '@callboard/plugin';
import { openRepository, type GithubDeps, type Repository } from '../client.ts';
import { isRefusal } from '../errors.ts';
import { TARGET } from '../inputs.ts';
import { setSecrets } from '../repository-settings.ts';

const EXAMPLE = `steps:
  - id: deployKey
    action: github:deployKey:create
    name: Add the deploy key
    input:
      repoUrl: github.com?owner=harbourline&repo=ledger
      publicKey: \${{ parameters.publicKey }}
      privateKey: \${{ secrets.privateKey }}
      deployKeyName: Delivery
`;

export function createDeployKeyAction(deps: GithubDeps): Action {
  return defineAction({
    id: 'github:deployKey:create',
    description:
      'Adds a deploy key to a repository on GitHub, and its private half to the secrets of its workflows.',
    examples: [{ description: 'A key from the form', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'publicKey', 'privateKey', 'deployKeyName'],
        properties: {
          ...TARGET,
          publicKey: { type: 'string', title: 'SSH Public Key', description: 'As ssh-keygen writes it.' },
          privateKey: { type: 'string', title: 'SSH Private Key', description: 'As ssh-keygen writes it.' },
          deployKeyName: { type: 'string', title: 'Deploy Key Name' },
          privateKeySecretName: {
            type: 'string',
            title: 'Private Key GitHub Secret Name',
            description: 'Default: <deployKeyName>_PRIVATE_KEY in capitals, with _ for spaces.',
          },
        },
      },
      output: {
        type: 'object',
        properties: { privateKeySecretName: { type: 'string', title: 'Name of the secret' } },
      },
    },
    handler: async (context) => {
      const { input, logger } = context;
      const { deployKeyName: title, publicKey, privateKey } = input;
      const secret = input.privateKeySecretName ?? `${title.replaceAll(' ', '_').toUpperCase()}_PRIVATE_KEY`;
      const repository = await openRepository(deps, context);
      const { name } = repository;
      await context.checkpoint({
        key: `create.deploy.key.${name}.${title}`,
        fn: async () => {
          logger.info(`Adding the deploy key ${title} to ${name}`);
          await addKey(repository, { title, key: publicKey });
        },
      });
      await context.checkpoint({
        key: `create.or.update.repo.secret.${name}.${secret}`,
        fn: () => setSecrets(repository, { [secret]: privateKey }),
      });
      context.output('privateKeySecretName', secret);
    },
  });
}

/** One that this repository has already is that of an earlier try. */
async function addKey(
  { client, at }: Repository,
  { title, key }: { readonly title: string; readonly key: string },
): Promise<void> {
  try {
    await client.rest.repos.createDeployKey({ ...at, title, key });
  } catch (error) {
    if (!isRefusal(error, 422, /already in use/i)) throw error;
    const keys = await client.paginate(client.rest.repos.listDeployKeys, { ...at, per_page: 100 });
    if (!keys.some((known) => keyOf(known.key) === keyOf(key))) throw error;
  }
}

/** Without the comment: type and key. */
function keyOf(publicKey: string): string {
  return publicKey.trim().split(/\s+/).slice(0, 2).join(' ');
}
