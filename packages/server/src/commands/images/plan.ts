/** `callboard images plan`: what would be upgraded in an image, and whether it may be. Nothing is changed. */
import { readArgs, type Command } from '../context.ts';
import { LOGIN_HELP } from './options.ts';
import { planText } from './plan-text.ts';
import {
  isWell,
  outcomeFields,
  planImage,
  PLANNING_HELP,
  PLANNING_OPTIONS,
  readPlanning,
} from './planning.ts';
import { working } from './work.ts';

export const imagesPlanCommand: Command = {
  usage: 'IMAGE [--report FILE …] [--mirror FILE …] [--approve REASON] [--record FOLDER] [--json]',
  help: `Scans an image, asks the mirror what it has, plans which packages have to be upgraded, tries that without
keeping it, and asks the gate. A plan that may be built is kept as plan.json, with what it would run as script.sh;
why there is none, as outcome.json. Needs a scanner, and Linux with root.

${PLANNING_HELP}
  --json               { image, kind, planHash, plan, reasons, leftOver, approval }

${LOGIN_HELP}
Exit code: 0 there is a plan to build, or nothing to do; 1 refused, deferred, or a person has to agree; 2 wrong use;
130 stopped.

  callboard images plan registry.example.com/golden/debian:12 --report inspector.json`,

  run: async (args, context) => {
    const { values, positionals } = readArgs(args, { options: PLANNING_OPTIONS, takes: 'any' });
    const { out, here } = context;
    const planning = await readPlanning(values, { positionals, here });
    return await working(context, values, async (work) => {
      const { name, outcome, approval } = await planImage(work, planning);
      const json = (): string =>
        `${JSON.stringify({ image: name, ...outcomeFields(outcome), approval }, null, 2)}\n`;
      await out.write(values.json === true ? json() : `${name}\n\n${planText({ outcome, approval }, out)}`);
      return isWell(outcome) ? 0 : 1;
    });
  },
};
