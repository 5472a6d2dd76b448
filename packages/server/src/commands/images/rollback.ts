/** `callboard images rollback`: moves a golden tag back to what it was before the promotion of the record. */
import { rollback } from '@callboard/images';
import { readArgs, type Command } from '../context.ts';
import { COMMON_HELP, COMMON_OPTIONS, LOGIN_HELP, readTagged } from './options.ts';
import { mismatch } from './record.ts';
import { shortDigest } from './words.ts';
import { working } from './work.ts';

export const imagesRollbackCommand: Command = {
  usage: 'IMAGE:TAG [--record FOLDER] [--json]',
  help: `Moves the tag back to what it was before the promotion of the record. The patched image stays, under its own
tag. When somebody has moved the tag since, nothing is changed.

${COMMON_HELP}
  --json               { image, from, to }

${LOGIN_HELP}
Exit code: 0 the tag is what it was before, 1 it is not, 2 wrong use, 130 stopped.

  callboard images rollback registry.example.com/golden/debian:12`,

  run: async (args, context) => {
    const { values, positionals } = readArgs(args, { options: COMMON_OPTIONS, takes: 'any' });
    const { registry, repository, tag } = readTagged(positionals);
    return await working(context, values, async ({ tools, record, stages, signal }) => {
      const promotion = await record.promotion();
      const { at, previous, current, patchTag } = promotion;
      if (at.registry !== registry || at.repository !== repository || promotion.tag !== tag) {
        throw mismatch(`The promotion of the record is of ${at.registry}/${at.repository}:${promotion.tag}.`);
      }
      await stages.run(
        'rollback',
        () => rollback({ client: tools.client, promotion, signal }),
        () => `${tag} is ${shortDigest(previous)}`,
      );
      const image = `${registry}/${repository}:${tag}`;
      const text = `${image} is ${previous} again\n  the patched image stays as ${patchTag}: ${current}\n`;
      const told = { image, from: current, to: previous };
      await context.out.write(values.json === true ? `${JSON.stringify(told, null, 2)}\n` : text);
      return 0;
    });
  },
};
